/* The program's own main(), by another name. */
int amberbar_main(int argc, char **argv);

#define main amberbar_main
#include "main.c"
