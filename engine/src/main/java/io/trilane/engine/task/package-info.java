/// Who owns which task, and where its bytes live: slot layouts, task memory, states, tokens and the pool.
///
/// This package imports the JDK only. Everything here is shared by all roles; each field says who may touch it.
@NullMarked
package io.trilane.engine.task;

import org.jspecify.annotations.NullMarked;
