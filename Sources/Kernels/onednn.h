// What the files that call oneDNN share.
#ifndef SOMA_ONEDNN_H
#define SOMA_ONEDNN_H

/// Makes oneDNN run on the calling thread only; to be called before anything else of it.
void soma_stay_alone(void);
#endif
