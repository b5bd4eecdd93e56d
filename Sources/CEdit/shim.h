#include <stdio.h>
#include <histedit.h>

/* Variadic calls of libedit, one per use, with the types that they need. */
static inline int edit_set_prompt(EditLine *editor, char *(*prompt)(EditLine *)) { return el_set(editor, EL_PROMPT, prompt); }
static inline int edit_set_reader(EditLine *editor, el_rfunc_t read) { return el_set(editor, EL_GETCFN, read); }
static inline int edit_set_number(EditLine *editor, int what, int value) { return el_set(editor, what, value); }
static inline int edit_set_text(EditLine *editor, int what, const char *value) { return el_set(editor, what, value); }
static inline int edit_refresh(EditLine *editor) { return el_set(editor, EL_REFRESH, NULL); }
static inline int edit_set_history(EditLine *editor, History *list) { return el_set(editor, EL_HIST, history, list); }
static inline int edit_add_function(EditLine *editor, const char *name, unsigned char (*function)(EditLine *, int)) {
  return el_set(editor, EL_ADDFN, name, name, function);
}
static inline int edit_bind(EditLine *editor, const char *key, const char *function) {
  return el_set(editor, EL_BIND, key, function, NULL);
}
static inline int edit_history_number(History *list, int what, int value) {
  HistEvent event;
  return history(list, &event, what, value);
}
static inline int edit_history_text(History *list, int what, const char *value) {
  HistEvent event;
  return history(list, &event, what, value);
}
