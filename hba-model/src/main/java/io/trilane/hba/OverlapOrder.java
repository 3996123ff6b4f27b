package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskAttribute;
import io.trilane.hba.command.BlockField;
import io.trilane.hba.command.Command;
import io.trilane.hba.command.CommandRow;
import io.trilane.hba.command.CommandTrait;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps the order of arrival where it can be seen, while image operations are pending. Two lists: commands that are
/// under way, and commands that wait, in order of arrival. Belongs to one logical unit; when both lists are empty,
/// nothing here is called.
///
/// - Two commands conflict when their ranges overlap and one of them writes. A command waits for every conflicting
///   command that arrived before it, whether that one is under way or waits itself. Of UNMAP, which has many ranges,
///   counts all that lies between the first and the last.
/// - SYNCHRONIZE CACHE, and a write that has come to the flush of its FUA, conflict with earlier writes only: later
///   commands pass them.
/// - ORDERED waits for everything before it, and everything after it waits for it. HEAD OF QUEUE passes commands that
///   wait, and waits only for conflicting ones that are under way (SAM-5 8.6).
/// - Commands without a range (INQUIRY ..) never wait, except around ORDERED.
@HotPath
final class OverlapOrder {
    /// What a command does with its range.
    enum Access {
        NONE, READ, FLUSH, WRITE
    }

    private final Entries underWay;
    private final Entries waiting;

    /// @param maxTasks most tasks that can be with this logical unit at once
    OverlapOrder(int maxTasks) {
        underWay = new Entries(maxTasks);
        waiting = new Entries(maxTasks);
    }

    /// A result for a task that is not under way would be written into somebody else's response.
    void assertUnderWay(Task task) {
        if (underWay.find(task) < 0) {
            throw new IllegalStateException("slot=" + task.slot() + " has a result but is not under way");
        }
    }

    /// Parks a command that has to wait; false when it may execute now.
    boolean parkIfBlocked(Command command) {
        waiting.add(command);
        int index = waiting.count - 1;
        if (isBlocked(index)) {
            return true;
        }
        waiting.remove(index);
        return false;
    }

    /// The command answered PENDING for the first time.
    void onPending(Command command) {
        underWay.add(command);
    }

    /// The command's write is done and its flush begins.
    void onFlushing(Task task) {
        int index = underWay.find(task);
        if (underWay.access[index] == Access.WRITE) {
            underWay.access[index] = Access.FLUSH;
        }
    }

    void onDone(Task task) {
        underWay.remove(underWay.find(task));
    }

    /// Takes out a command that waits and has not executed; null when `which` holds for none.
    @Nullable
    Task takeWaiting(Predicate<Task> which) {
        for (int i = 0; i < waiting.count; i++) {
            Task task = Objects.requireNonNull(waiting.tasks[i]);
            if (which.test(task)) {
                waiting.remove(i);
                return task;
            }
        }
        return null;
    }

    void forEachUnderWay(Consumer<Task> visitor) {
        underWay.forEach(visitor);
    }

    void forEachWaiting(Consumer<Task> visitor) {
        waiting.forEach(visitor);
    }

    /// Takes the first waiting command that may execute now; null when there is none.
    @Nullable
    Task takeRunnable() {
        for (int i = 0; i < waiting.count; i++) {
            if (!isBlocked(i)) {
                Task task = Objects.requireNonNull(waiting.tasks[i]);
                waiting.remove(i);
                return task;
            }
        }
        return null;
    }

    private boolean isBlocked(int index) {
        boolean isHead = waiting.attributes[index] == TaskAttribute.HEAD_OF_QUEUE;
        return waiting.conflicts(index, underWay, underWay.count)
                || !isHead && waiting.conflicts(index, waiting, index);
    }

    /// Parallel arrays, in order of arrival.
    private static final class Entries {
        private final @Nullable Task[] tasks;
        private final TaskAttribute[] attributes;
        private final Access[] access;
        private final long[] first;
        private final long[] end;
        private int count;

        Entries(int capacity) {
            tasks = new @Nullable Task[capacity];
            attributes = new TaskAttribute[capacity];
            access = new Access[capacity];
            first = new long[capacity];
            end = new long[capacity];
        }

        /// Unchecked addresses are welcome: a range that does not exist conflicts with nothing that executes.
        void add(Command command) {
            CommandRow row = command.row();
            tasks[count] = command.task();
            attributes[count] = command.task().attribute();
            access[count] = accessOf(row);
            first[count] = command.firstBlock();
            end[count] = command.endBlock();
            count++;
        }

        /// True when entry `index` conflicts with any of the first `limit` entries of `earlier`.
        boolean conflicts(int index, Entries earlier, int limit) {
            boolean isHead = attributes[index] == TaskAttribute.HEAD_OF_QUEUE;
            boolean isOrdered = attributes[index] == TaskAttribute.ORDERED;
            for (int i = 0; i < limit; i++) {
                if (isOrdered || !isHead && earlier.attributes[i] == TaskAttribute.ORDERED) {
                    return true;
                }
                if (first[index] < earlier.end[i] && earlier.first[i] < end[index]
                        && excludes(earlier.access[i], access[index])) {
                    return true;
                }
            }
            return false;
        }

        void remove(int index) {
            count--;
            int moved = count - index;
            System.arraycopy(tasks, index + 1, tasks, index, moved);
            System.arraycopy(attributes, index + 1, attributes, index, moved);
            System.arraycopy(access, index + 1, access, index, moved);
            System.arraycopy(first, index + 1, first, index, moved);
            System.arraycopy(end, index + 1, end, index, moved);
            tasks[count] = null;
        }

        void forEach(Consumer<Task> visitor) {
            for (int i = 0; i < count; i++) {
                visitor.accept(Objects.requireNonNull(tasks[i]));
            }
        }

        int find(Task task) {
            for (int i = 0; i < count; i++) {
                if (isSame(tasks[i], task)) {
                    return i;
                }
            }
            return -1;
        }

        /// There is one object per slot.
        @SuppressWarnings("ReferenceEquality")
        private static boolean isSame(@Nullable Task one, Task other) {
            return one == other;
        }

        private static boolean excludes(Access earlier, Access later) {
            return earlier == Access.WRITE ? later != Access.NONE : earlier == Access.READ && later == Access.WRITE;
        }

        private static Access accessOf(CommandRow row) {
            if (row.blockField() == BlockField.NONE) {
                return Access.NONE;
            }
            if (row.has(CommandTrait.WRITES_MEDIUM)) {
                return Access.WRITE;
            }
            return row.has(CommandTrait.FLUSHES) ? Access.FLUSH : Access.READ;
        }
    }
}
