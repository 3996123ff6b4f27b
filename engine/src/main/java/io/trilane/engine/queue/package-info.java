/// How work crosses from one role to another: the serial queue and the doorbell. JCTools stays inside this package.
@NullMarked
package io.trilane.engine.queue;

import org.jspecify.annotations.NullMarked;
