#include "vision.h"

#include <math.h>

const char *const sight_names[SIGHT_COUNT] = {"full colour", "protanopia", "deuteranopia",
                                              "tritanopia", "grey"};

/*
 * Dichromats: Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color
 * Vision Deficiency", IEEE TVCG 15 (2009), severity 1.0, for linear RGB. Grey: luminance of
 * ITU-R BT.709's primaries.
 */
static const double matrices[SIGHT_COUNT][3][3] = {
    [SIGHT_FULL] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    [SIGHT_PROTANOPIA] = {{0.152286, 1.052583, -0.204868},
                          {0.114503, 0.786281, 0.099216},
                          {-0.003882, -0.048116, 1.051998}},
    [SIGHT_DEUTERANOPIA] = {{0.367322, 0.860646, -0.227968},
                            {0.280085, 0.672501, 0.047413},
                            {-0.011820, 0.042940, 0.968881}},
    [SIGHT_TRITANOPIA] = {{1.255528, -0.076749, -0.178779},
                          {-0.078411, 0.930809, 0.147602},
                          {0.004733, 0.691367, 0.303900}},
    [SIGHT_GREY] = {{0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}},
};

/* IEC 61966-2-1: linear RGB to XYZ, each row divided by D65's white. */
static const double to_xyz[3][3] = {{0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505},
                                    {0.2126, 0.7152, 0.0722},
                                    {0.0193 / 1.0890, 0.1192 / 1.0890, 0.9505 / 1.0890}};

static void multiply(const double matrix[3][3], const double in[3], double out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = matrix[i][0] * in[0] + matrix[i][1] * in[1] + matrix[i][2] * in[2];
}

/* CIE 15:2004, f(t). */
static double bent(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

struct lab vision_see(struct pixel light, enum sight sight, double white)
{
    const double rgb[3] = {light.red / white, light.green / white, light.blue / white};
    double seen[3], xyz[3];
    multiply(matrices[sight], rgb, seen);
    for (int i = 0; i < 3; i++)
        seen[i] = fmax(seen[i], 0);
    multiply(to_xyz, seen, xyz);
    double x = bent(xyz[0]), y = bent(xyz[1]), z = bent(xyz[2]);
    return (struct lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

static double radians(double degrees)
{
    return degrees * 3.14159265358979323846 / 180;
}

/* 0..360 */
static double hue_of(double a, double b)
{
    double degrees = atan2(b, a) / radians(1);
    return degrees < 0 ? degrees + 360 : degrees;
}

static double seventh(double chroma)
{
    double power = pow(chroma, 7);
    return sqrt(power / (power + 6103515625.0)); /* 25^7 */
}

double vision_lightness_difference(struct lab one, struct lab other)
{
    double from_50 = (one.l + other.l) / 2 - 50;
    from_50 *= from_50;
    return (other.l - one.l) / (1 + 0.015 * from_50 / sqrt(20 + from_50));
}

/* Sharma, Wu, Dalal, "The CIEDE2000 Color-Difference Formula", Color Res. Appl. 30 (2005). */
double vision_difference(struct lab one, struct lab other)
{
    double stretch = 1.5 - 0.5 * seventh((hypot(one.a, one.b) + hypot(other.a, other.b)) / 2);
    double a1 = one.a * stretch, a2 = other.a * stretch;
    double c1 = hypot(a1, one.b), c2 = hypot(a2, other.b);
    double h1 = c1 > 0 ? hue_of(a1, one.b) : 0, h2 = c2 > 0 ? hue_of(a2, other.b) : 0;
    double turn = c1 * c2 > 0 ? h2 - h1 : 0;
    turn = turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
    double c = (c1 + c2) / 2, h = h1 + h2;
    if (c1 * c2 > 0)
        h = fabs(h1 - h2) <= 180 ? h / 2 : h < 360 ? (h + 360) / 2 : (h - 360) / 2;
    double t = 1 - 0.17 * cos(radians(h - 30)) + 0.24 * cos(radians(2 * h)) +
               0.32 * cos(radians(3 * h + 6)) - 0.20 * cos(radians(4 * h - 63));
    double from_275 = (h - 275) / 25;
    double dl = vision_lightness_difference(one, other);
    double dc = (c2 - c1) / (1 + 0.045 * c);
    double dh = 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / (1 + 0.015 * c * t);
    double mix = -sin(radians(60 * exp(-from_275 * from_275))) * 2 * seventh(c);
    return sqrt(dl * dl + dc * dc + dh * dh + mix * dc * dh);
}
