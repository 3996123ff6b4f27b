/// Where blocks live: disk images and the files behind them. No SCSI word here.
@NullMarked
package io.trilane.hba.image;

import org.jspecify.annotations.NullMarked;
