/// The contract between framework and driver: the controller SPI, what it may call, which callback runs where, and the
/// lifecycle. Knows nothing of threads.
@NullMarked
package io.trilane.engine.controller;

import org.jspecify.annotations.NullMarked;
