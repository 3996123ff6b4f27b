package io.trilane.tools.initiator.iscsi;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Commands one at a time, each waited for: what is asked before there is load. Cold. Belongs to the session's thread.
final class UnitCommands implements AnswerIntake.Completions {
    /// Longest answer, in bytes.
    static final int MAX_ANSWER_BYTES = 256;

    private static final int TEST_UNIT_READY = 0x00;
    private static final int INQUIRY = 0x12;
    private static final int MODE_SENSE_6 = 0x1A;
    private static final int SERVICE_ACTION_IN_16 = 0x9E;
    private static final int READ_CAPACITY_16 = 0x10;
    private static final int ENABLE_VPD = 1;
    private static final int DISABLE_BLOCK_DESCRIPTORS = 0x08;
    private static final int ALL_MODE_PAGES = 0x3F;
    private static final int READ_CAPACITY_BYTES = 32;
    /// A unit has one unit attention per reason.
    private static final int MAX_UNIT_ATTENTIONS = 64;

    private final InitiatorSession session;
    private @Nullable String error;
    private boolean isUnitAttention;
    private int received;
    private boolean isOver;

    /// Is the session's listener from now on.
    UnitCommands(InitiatorSession session) {
        this.session = session;
        session.listen(this);
    }

    /// Takes the unit attentions that wait for a new session.
    ///
    /// @throws IOException the unit is not ready
    void testUnitReady() throws IOException {
        byte[] cdb = {TEST_UNIT_READY, 0, 0, 0, 0, 0};
        int tries = 0;
        while (run(cdb, 0) == null) {
            if (!isUnitAttention || ++tries > MAX_UNIT_ATTENTIONS) {
                throw refused("TEST UNIT READY");
            }
        }
    }

    /// SPC-5 6.7.2.
    ByteBuffer inquiry() throws IOException {
        return required("INQUIRY", new byte[]{INQUIRY, 0, 0, 0, (byte) MAX_ANSWER_BYTES - 1, 0}, MAX_ANSWER_BYTES - 1);
    }

    /// A page of vital product data (SPC-5 7.7); null: the unit has none of this number.
    @Nullable
    ByteBuffer vitalProductData(int page) throws IOException {
        ByteBuffer answer = run(new byte[]{INQUIRY, ENABLE_VPD, (byte) page, 0, (byte) MAX_ANSWER_BYTES - 1, 0},
                MAX_ANSWER_BYTES - 1);
        return answer == null || answer.remaining() < 4 || (answer.get(1) & 0xFF) != page ? null : answer;
    }

    /// SBC-4 5.16.
    ByteBuffer readCapacity() throws IOException {
        byte[] cdb = new byte[RequestSlot.CDB_BYTES];
        cdb[0] = (byte) SERVICE_ACTION_IN_16;
        cdb[1] = READ_CAPACITY_16;
        cdb[13] = READ_CAPACITY_BYTES;
        return required("READ CAPACITY(16)", cdb, READ_CAPACITY_BYTES);
    }

    /// The mode parameter header (SPC-5 7.5.5) and what follows; null: the unit refuses.
    @Nullable
    ByteBuffer modeSense() throws IOException {
        return run(new byte[]{MODE_SENSE_6, DISABLE_BLOCK_DESCRIPTORS, ALL_MODE_PAGES, 0,
                (byte) MAX_ANSWER_BYTES - 1, 0}, MAX_ANSWER_BYTES - 1);
    }

    @Override
    public void onCompleted(RequestSlot slot) {
        isOver = true;
        received = slot.received;
        // Less data than there was room for is no error here.
        boolean isGood = slot.response == 0 && slot.status == 0;
        isUnitAttention = SenseText.isUnitAttention(slot.status, slot.sense);
        error = isGood ? null : SenseText.describe(slot);
    }

    private ByteBuffer required(String name, byte[] cdb, int length) throws IOException {
        ByteBuffer answer = run(cdb, length);
        if (answer == null) {
            throw refused(name);
        }
        return answer;
    }

    private IOException refused(String name) {
        return new IOException("the unit refuses " + name + ": " + error + ", choose a LUN that is a disk and ready");
    }

    /// Runs a command that reads at most `length` bytes; null when it did not end with GOOD. A unit attention is not tried again.
    private @Nullable ByteBuffer run(byte[] cdb, int length) throws IOException {
        while (session.room(1) == 0) {
            int _ = session.poll();
        }
        RequestSlot slot = session.claim();
        Arrays.fill(slot.cdb, (byte) 0);
        System.arraycopy(cdb, 0, slot.cdb, 0, cdb.length);
        slot.isRead = length > 0;
        slot.isWrite = false;
        slot.length = length;
        isOver = false;
        session.send(slot);
        session.flush();
        while (!isOver) {
            int _ = session.poll();
        }
        IOException failure = session.failure();
        if (failure != null) {
            throw failure;
        }
        if (error != null) {
            return null;
        }
        byte[] answer = new byte[received];
        MemorySegment.copy(session.memory().memory(), ValueLayout.JAVA_BYTE, slot.address, answer, 0, received);
        return ByteBuffer.wrap(answer);
    }
}
