#ifndef PSEUDO_TERMINAL_H
#define PSEUDO_TERMINAL_H

/* Starts a program as the leader of a terminal of its own; gives its process, and the terminal's other end. */
int pseudo_terminal_start(const char *path, char *const arguments[], char *const environment[], const char *folder,
                          int columns, int rows, int *master);

/* Waits at most so many milliseconds for the end of the process: its exit status, 128 + signal, or -1. */
int pseudo_terminal_wait(int process, int milliseconds);

int pseudo_terminal_resize(int master, int columns, int rows);

/* Whether the terminal echoes what is typed and reads whole lines: its usual modes. */
int pseudo_terminal_is_usual(int master);

#endif
