/// What every protocol server needs: event loops, connections, buffers. Knows the engine's public API and no protocol.
@NullMarked
package io.trilane.tools.frontend;

import org.jspecify.annotations.NullMarked;
