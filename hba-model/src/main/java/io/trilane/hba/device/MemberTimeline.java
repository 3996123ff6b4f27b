package io.trilane.hba.device;

import io.trilane.engine.task.HotPath;
import io.trilane.hba.image.DiskImage.Operation;

/// One disk of a device: its channels, arm and cache. Pure arithmetic with the memory of what it was asked before; in
/// working time. Commands come in the order of their arrival.
@HotPath
final class MemberTimeline {
    private final DeviceModel.Member member;
    private final long capacityBytes;
    private final long trackBytes;
    /// When each channel has nothing to do any more.
    private final long[] freeNs;
    private final long cacheNs;
    /// When the cache will be empty.
    private long emptyNs;
    /// Where the last command ended, in bytes; the arm is there.
    private long armBytes;
    private long mediumNs;

    MemberTimeline(DeviceModel.Member member, long capacityBytes) {
        this.member = member;
        this.capacityBytes = Math.max(1, capacityBytes);
        this.freeNs = new long[member.channels()];
        this.cacheNs = DeviceModel.transferNs(member.cache().bytes(), member.cache().drainBytesPerSecond());
        this.trackBytes = Math.max(1,
                Math.round((double) member.bytesPerSecond() * member.arm().rotationNs() / 1_000_000_000L));
    }

    /// When a channel is through with a command that arrives at `atNs`. [#mediumNs] of it were bytes.
    long execute(Operation operation, long offset, long length, long atNs) {
        int channel = firstFree();
        long startNs = Math.max(freeNs[channel], atNs);
        boolean writes = operation.changesMedium();
        boolean isCached = writes && movesData(operation) && member.cache().bytes() > 0;
        long doneNs;
        if (isCached) {
            mediumNs = 0;
            doneNs = waitForRoom(length, startNs) + member.writeNs();
        } else {
            mediumNs = operation == Operation.UNMAP || operation == Operation.FLUSH ? 0
                    : DeviceModel.transferNs(length, member.bytesPerSecond());
            long commandNs = startNs + (writes ? member.writeNs() : member.readNs());
            doneNs = moveArm(offset, length, commandNs) + mediumNs;
        }
        freeNs[channel] = doneNs;
        return doneNs;
    }

    /// How long the last command's bytes were between channel and medium.
    long mediumNs() {
        return mediumNs;
    }

    /// When everything that the cache took is on the medium.
    long emptyNs() {
        return emptyNs;
    }

    static boolean movesData(Operation operation) {
        return operation == Operation.READ || operation == Operation.WRITE || operation == Operation.COMPARE
                || operation == Operation.COMPARE_AND_WRITE;
    }

    private int firstFree() {
        int first = 0;
        for (int i = 1; i < freeNs.length; i++) {
            if (freeNs[i] < freeNs[first]) {
                first = i;
            }
        }
        return first;
    }

    /// A cache is as full as the time that it takes to empty. Bytes that do not fit wait for others to leave.
    private long waitForRoom(long length, long startNs) {
        long bytesNs = DeviceModel.transferNs(length, member.cache().drainBytesPerSecond());
        long roomNs = Math.max(startNs, emptyNs + bytesNs - cacheNs);
        emptyNs = Math.max(emptyNs, roomNs) + bytesNs;
        return roomNs;
    }

    /// When the arm is at the first byte, and the byte under the arm.
    private long moveArm(long offset, long length, long atNs) {
        DeviceModel.Arm arm = member.arm();
        long from = armBytes;
        armBytes = offset + length;
        if (!arm.isThere() || from == offset) {
            return atNs;
        }
        double share = (double) Math.abs(offset - from) / capacityBytes;
        long seekNs = arm.seekMinNs() + Math.round((arm.seekFullNs() - arm.seekMinNs()) * Math.sqrt(share));
        long thereNs = atNs + seekNs;
        if (arm.rotationNs() == 0) {
            return thereNs;
        }
        long wantedNs = (long) ((double) (offset % trackBytes) * arm.rotationNs() / trackBytes);
        return thereNs + Math.floorMod(wantedNs - thereNs % arm.rotationNs(), arm.rotationNs());
    }
}
