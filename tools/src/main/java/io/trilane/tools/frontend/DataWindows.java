package io.trilane.tools.frontend;

import io.trilane.engine.task.DmaSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// The engine's task data as byte buffers, because a socket takes nothing else, and a byte buffer ends at 2 GiB: windows of
/// 1 GiB that overlap by the longest transfer, so that every piece of data lies whole in the window it starts in.
///
/// Immutable; each user takes views of its own.
public final class DataWindows {
    private static final int SHIFT = 30;
    private static final long WINDOW_BYTES = 1L << SHIFT;
    private static final long OVERLAP_BYTES = 16L << 20;

    private final ByteBuffer[] windows;

    /// @param taskData region 0 of the [DmaSpace]
    public DataWindows(MemorySegment taskData) {
        int count = (int) (taskData.byteSize() + WINDOW_BYTES - 1 >>> SHIFT);
        windows = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long start = (long) i << SHIFT;
            long length = Math.min(taskData.byteSize() - start, WINDOW_BYTES + OVERLAP_BYTES);
            windows[i] = taskData.asSlice(start, length).asByteBuffer();
        }
    }

    int count() {
        return windows.length;
    }

    ByteBuffer newView(int window) {
        return windows[window].duplicate();
    }

    /// The window in which an address of region 0 starts.
    static int window(long address) {
        return (int) (DmaSpace.offset(address) >>> SHIFT);
    }

    /// Where in its window.
    static int position(long address) {
        return (int) (DmaSpace.offset(address) & WINDOW_BYTES - 1);
    }

    /// Views of all windows for one reader or writer, which moves their positions. No allocation after the first use.
    public static final class Views {
        private final ByteBuffer[] views;

        public Views(DataWindows windows) {
            views = new ByteBuffer[windows.count()];
            for (int i = 0; i < views.length; i++) {
                views[i] = windows.newView(i);
            }
        }

        /// The bytes `[address, address + length)`, between position and limit. Valid until the next call.
        public ByteBuffer view(long address, int length) {
            ByteBuffer view = views[window(address)];
            int position = position(address);
            return view.limit(position + length).position(position);
        }
    }
}
