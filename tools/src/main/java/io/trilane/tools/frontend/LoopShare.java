package io.trilane.tools.frontend;

import io.trilane.engine.Engine;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// What the event loops of a server share.
///
/// @param engine     runs the commands
/// @param windows    of its task data
/// @param statistics what nexuses count
/// @param nanoClock  the loops' only clock
/// @param log        takes a line; any thread
record LoopShare(Engine engine, DataWindows windows, StatisticsFile statistics, LongSupplier nanoClock,
        Consumer<String> log) {}
