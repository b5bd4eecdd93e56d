#include "L4ConversionKernels.h"
