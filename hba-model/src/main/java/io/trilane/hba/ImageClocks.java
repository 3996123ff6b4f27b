package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import java.util.ArrayList;
import java.util.List;

/// The units whose images end their operations by a clock. One that left with operations under way is told the time until
/// nothing of it touches the image any more. Touched by the hardware agent only, once it runs.
@HotPath
final class ImageClocks {
    private final List<LogicalUnit> units = new ArrayList<>();
    private final List<LogicalUnit> leaving = new ArrayList<>();

    boolean isEmpty() {
        return units.isEmpty();
    }

    void add(LogicalUnit unit) {
        if (unit.image().hasClock()) {
            units.add(unit);
        }
    }

    /// The unit is gone.
    void leave(LogicalUnit unit) {
        if (units.contains(unit)) {
            leaving.add(unit);
        }
    }

    /// Returns what happened.
    int advance(long nowNs) {
        int done = 0;
        for (int i = 0; i < units.size(); i++) {
            done += units.get(i).image().advance(nowNs);
        }
        if (!leaving.isEmpty()) {
            forgetIdle();
        }
        return done;
    }

    private void forgetIdle() {
        for (int i = leaving.size() - 1; i >= 0; i--) {
            LogicalUnit unit = leaving.get(i);
            if (unit.unfinishedCommands() == 0 && !unit.isFlushingInBackground()) {
                leaving.remove(i);
                units.remove(unit);
            }
        }
    }
}
