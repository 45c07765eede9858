/*
 * The commands of the program `amberbar`, one file each. argv[0] is the command's own name; the
 * value is the process's exit status.
 */
#ifndef AMBERBAR_COMMANDS_COMMANDS_H
#define AMBERBAR_COMMANDS_COMMANDS_H

enum exit_status {                          /* `once` and `status` say the state by it */
                   EXIT_STATUS_OK = 0,      /* done; all stable or scaled to zero */
                   EXIT_STATUS_FAULT = 1,   /* something did not work */
                   EXIT_STATUS_USAGE = 2,   /* the command line, the config or the board is wrong */
                   EXIT_STATUS_MOVING = 3,  /* progressing or paused */
                   EXIT_STATUS_TROUBLE = 4, /* failed, stalled or degraded */
                   EXIT_STATUS_UNKNOWN = 5, /* the state is not known */
};

int command_run(int argc, char **argv);
int command_check(int argc, char **argv);
int command_once(int argc, char **argv);
int command_status(int argc, char **argv);
int command_boards(int argc, char **argv);
int command_identify(int argc, char **argv);
int command_encode(int argc, char **argv);
int command_preview(int argc, char **argv);
int command_blank(int argc, char **argv);
int command_discover(int argc, char **argv);
int command_doctor(int argc, char **argv);

#endif
