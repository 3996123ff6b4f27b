/// What a controller does right or wrong, to be run.
@NullMarked
package io.trilane.tools.lab.scenario;

import org.jspecify.annotations.NullMarked;
