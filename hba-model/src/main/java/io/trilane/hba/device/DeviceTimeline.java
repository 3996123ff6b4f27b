package io.trilane.hba.device;

import io.trilane.engine.task.HotPath;
import io.trilane.hba.image.DiskImage.Operation;

/// When a device is through with its commands. Pure arithmetic with queues of its own: the same commands at the same times
/// give the same answers. Asked in the order of arrival; time begins at 0.
///
/// The bytes of a command go over the link while they go between channel and medium: a command takes the longer of the
/// two. The link serves each direction in the order of arrival.
@HotPath
public final class DeviceTimeline {
    private static final int FROM_DEVICE = 0;
    private static final int TO_DEVICE = 1;

    private final DeviceModel model;
    private final WorkingTime working;
    private final MemberTimeline[] members;
    private final long rowBytes;
    /// By direction.
    private final long[] linkFreeNs = new long[2];
    private long lastNs;

    /// @param capacityBytes of the whole device
    public DeviceTimeline(DeviceModel model, long capacityBytes) {
        this.model = model;
        this.working = new WorkingTime(model.stall());
        this.rowBytes = model.stripeBytes() * model.members();
        this.members = new MemberTimeline[model.members()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new MemberTimeline(model.member(), capacityBytes / members.length);
        }
    }

    /// When a command that is with the device at `arrivalNs` is done; `arrivalNs` is not less than that of the command
    /// before.
    public long finishNs(Operation operation, long offset, long length, long arrivalNs) {
        long atNs = working.of(arrivalNs);
        long doneNs = operation == Operation.FLUSH ? flush(atNs) : execute(operation, offset, length, atNs);
        lastNs = Math.max(lastNs, doneNs);
        return Math.max(arrivalNs, working.clock(doneNs));
    }

    private long execute(Operation operation, long offset, long length, long atNs) {
        long end = offset + length;
        long doneNs = atNs;
        for (int i = 0; i < members.length; i++) {
            long from = before(offset, i);
            long bytes = before(end, i) - from;
            if (bytes > 0) {
                long memberNs = members[i].execute(operation, from, bytes, atNs);
                doneNs = Math.max(doneNs, link(operation, bytes, memberNs, members[i].mediumNs()));
            }
        }
        return doneNs;
    }

    /// Everything that came before it is done, and on the medium.
    private long flush(long atNs) {
        long safeNs = Math.max(atNs, lastNs);
        for (MemberTimeline member : members) {
            safeNs = Math.max(safeNs, member.emptyNs());
        }
        return safeNs + model.member().writeNs();
    }

    /// When the bytes of a command are over the link, whose channel is done at `memberNs`.
    private long link(Operation operation, long bytes, long memberNs, long mediumNs) {
        if (!MemberTimeline.movesData(operation)) {
            return memberNs;
        }
        int direction = operation == Operation.READ ? FROM_DEVICE : TO_DEVICE;
        long linkNs = DeviceModel.transferNs(bytes, model.linkBytesPerSecond());
        long startNs = Math.max(linkFreeNs[direction], memberNs - Math.min(mediumNs, linkNs));
        linkFreeNs[direction] = startNs + linkNs;
        return startNs + linkNs;
    }

    /// How many of the device's first `bytes` are on a member.
    private long before(long bytes, int member) {
        if (members.length == 1) {
            return bytes;
        }
        long stripe = model.stripeBytes();
        return bytes / rowBytes * stripe + Math.clamp(bytes % rowBytes - member * stripe, 0, stripe);
    }
}
