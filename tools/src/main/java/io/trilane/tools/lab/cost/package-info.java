/// What crossings cost: bundles, splits and more engines, measured.
@NullMarked
package io.trilane.tools.lab.cost;

import org.jspecify.annotations.NullMarked;
