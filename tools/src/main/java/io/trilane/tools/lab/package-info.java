/// The laboratory: what a controller and its framework say to each other, shown and tried.
@NullMarked
package io.trilane.tools.lab;

import org.jspecify.annotations.NullMarked;
