#include "BS4NNKernels.h"
