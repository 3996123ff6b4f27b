/// The reference hardware behind the engine's controller contract.
@NullMarked
package io.trilane.hba;

import org.jspecify.annotations.NullMarked;
