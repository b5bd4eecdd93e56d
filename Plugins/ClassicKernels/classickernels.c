#include "ClassicKernels.h"
