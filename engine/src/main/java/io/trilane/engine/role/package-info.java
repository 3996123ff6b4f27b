/// What runs on the three roles, and the only places that know threads: bounded work, pumped or on threads of its own.
@NullMarked
package io.trilane.engine.role;

import org.jspecify.annotations.NullMarked;
