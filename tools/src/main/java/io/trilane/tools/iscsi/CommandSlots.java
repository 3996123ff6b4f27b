package io.trilane.tools.iscsi;

import io.trilane.engine.task.HotPath;
import org.jspecify.annotations.Nullable;

/// The commands of a session: a fixed number of slots, those in use close together, found by initiator task tag. Some are
/// kept for immediate commands, which the command window does not bound. Belongs to the connection's event loop.
@HotPath
final class CommandSlots {
    /// Slots beyond the window.
    static final int IMMEDIATE_SLOTS = 4;

    private final int window;
    private final ScsiCommand[] slots;
    /// Slots in use in [0, count), free ones behind; the tags of the former.
    private final int[] order;
    private final int[] positions;
    private final int[] tags;
    private int count;
    private int numbered;

    /// @param window numbered commands at once
    CommandSlots(int window) {
        this.window = window;
        slots = new ScsiCommand[window + IMMEDIATE_SLOTS];
        order = new int[slots.length];
        positions = new int[slots.length];
        tags = new int[slots.length];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new ScsiCommand(i);
            order[i] = i;
            positions[i] = i;
        }
    }

    int capacity() {
        return slots.length;
    }

    /// How many are in use.
    int count() {
        return count;
    }

    /// Command in use number `index`, 0..[#count]-1; freeing one puts the last in its place.
    ScsiCommand inUse(int index) {
        return slots[order[index]];
    }

    /// Numbered commands that may still come.
    int room() {
        return window - numbered;
    }

    ScsiCommand at(int slot) {
        return slots[slot];
    }

    /// A slot for a new command, or null: there are too many immediate ones.
    @Nullable
    ScsiCommand claim(int tag, long lun, boolean isImmediate) {
        int limit = isImmediate ? slots.length - room() : slots.length;
        if (count >= limit) {
            return null;
        }
        ScsiCommand command = slots[order[count]];
        tags[count] = tag;
        count++;
        numbered += isImmediate ? 0 : 1;
        command.start(tag, lun, isImmediate);
        return command;
    }

    /// The command with this tag, or null.
    @Nullable
    ScsiCommand find(int tag) {
        for (int i = 0; i < count; i++) {
            if (tags[i] == tag) {
                return slots[order[i]];
            }
        }
        return null;
    }

    void free(ScsiCommand command) {
        assert command.state != ScsiCommand.State.FREE : command.slot();
        int position = positions[command.slot()];
        count--;
        int last = order[count];
        order[position] = last;
        positions[last] = position;
        tags[position] = tags[count];
        order[count] = command.slot();
        positions[command.slot()] = count;
        numbered -= command.isImmediate ? 0 : 1;
        command.state = ScsiCommand.State.FREE;
        command.task = null;
    }
}
