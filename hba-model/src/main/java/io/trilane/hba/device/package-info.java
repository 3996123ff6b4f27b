/// How long a disk takes: service-time models of devices, and an image that takes that long. Knows no roles and no threads.
@NullMarked
package io.trilane.hba.device;

import org.jspecify.annotations.NullMarked;
