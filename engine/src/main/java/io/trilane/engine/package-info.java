/// The composition root, and the client's side: launch an engine, open a client, submit, poll.
@NullMarked
package io.trilane.engine;

import org.jspecify.annotations.NullMarked;
