#define _GNU_SOURCE
#include "PseudoTerminal.h"
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#ifdef __APPLE__
#include <util.h>
#else
#include <pty.h>
#endif

int pseudo_terminal_start(const char *path, char *const arguments[], char *const environment[], const char *folder,
                          int columns, int rows, int *master) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  pid_t process = forkpty(master, NULL, NULL, &size);
  if (process != 0) return process;
  for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (chdir(folder) != 0) _exit(126);
  for (int descriptor = 3; descriptor < 256; descriptor++) close(descriptor);
  execve(path, arguments, environment);
  _exit(127);
}

int pseudo_terminal_wait(int process, int milliseconds) {
  for (int waited = 0; waited <= milliseconds; waited += 5) {
    int status;
    pid_t ended = waitpid(process, &status, WNOHANG);
    if (ended < 0) return -1;
    if (ended == process) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    usleep(5000);
  }
  return -1;
}

int pseudo_terminal_resize(int master, int columns, int rows) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  return ioctl(master, TIOCSWINSZ, &size);
}

int pseudo_terminal_is_usual(int master) {
  struct termios modes;
  return tcgetattr(master, &modes) == 0 && (modes.c_lflag & ECHO) && (modes.c_lflag & ICANON) && (modes.c_lflag & ISIG);
}
