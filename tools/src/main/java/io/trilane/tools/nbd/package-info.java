/// An NBD server (the NBD project's doc/proto.md, fixed newstyle) as a front end of the engine.
@NullMarked
package io.trilane.tools.nbd;

import org.jspecify.annotations.NullMarked;
