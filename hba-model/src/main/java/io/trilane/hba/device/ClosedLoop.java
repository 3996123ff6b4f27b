package io.trilane.hba.device;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;

/// How long a device takes for a closed loop, worked out by hand: a list of what is under way, of which the earliest
/// happens next. Shares no code with [DeviceTimeline] and [TimedImage], which it is compared with. Random requests on a
/// disk with an arm take its mean time.
final class ClosedLoop {
    /// The mean of the square root of the distance of two places that are anywhere in `0..1`.
    private static final double MEAN_ROOT_OF_DISTANCE = 8.0 / 15;

    private enum Stage {
        NONE,
        WAITS,
        ON_DEVICE,
        DONE,
        INTERRUPTS
    }

    private final DeviceModel model;
    private final DeviceLoad load;
    private final long capacityBytes;
    private final long regionBytes;
    private final Stage[] stage;
    private final long[] timeNs;
    private final long[] offset;
    /// Bytes of the request that are not done yet.
    private final long[] leftBytes;
    /// Order in which they came to where they are.
    private final long[] order;
    private long nextOrder;
    private long issued;
    private long hostNs;
    private long interruptNs;
    private long deadlineNs;
    private long linkNs;
    private final Deque<Integer> coalescing = new ArrayDeque<>();
    private final Disk[] disks;

    private static final class Disk {
        private final PriorityQueue<Long> channels = new PriorityQueue<>();
        private long drainedNs;
        private long endBytes;
    }

    ClosedLoop(DeviceModel model, long capacityBytes, DeviceLoad load) {
        this.model = model;
        this.load = load;
        this.capacityBytes = capacityBytes;
        this.regionBytes = capacityBytes / load.requestBytes() * load.requestBytes();
        int depth = load.depth();
        this.stage = new Stage[depth];
        this.timeNs = new long[depth];
        this.offset = new long[depth];
        this.leftBytes = new long[depth];
        this.order = new long[depth];
        this.disks = new Disk[model.members()];
        for (int i = 0; i < disks.length; i++) {
            disks[i] = new Disk();
            for (int c = 0; c < model.member().channels(); c++) {
                disks[i].channels.add(0L);
            }
        }
    }

    /// When the last of so many requests is back, in nanoseconds after the first left.
    long elapsedNs(long requests) {
        for (int i = 0; i < stage.length; i++) {
            stage[i] = Stage.NONE;
            issue(i, requests, 0);
        }
        long nowNs = 0;
        for (long done = 0; done < requests;) {
            nowNs = next();
            done += happen(nowNs, requests);
        }
        return nowNs;
    }

    private void issue(int i, long requests, long nowNs) {
        if (issued < requests) {
            offset[i] = issued * load.requestBytes() % regionBytes;
            leftBytes[i] = load.requestBytes();
            issued++;
            move(i, Stage.WAITS, nowNs);
        }
    }

    private void move(int i, Stage to, long atNs) {
        stage[i] = to;
        timeNs[i] = atNs;
        order[i] = nextOrder++;
    }

    private long next() {
        long soonest = Long.MAX_VALUE;
        for (int i = 0; i < stage.length; i++) {
            if (stage[i] == Stage.ON_DEVICE || stage[i] == Stage.INTERRUPTS) {
                soonest = Math.min(soonest, timeNs[i]);
            } else if (stage[i] == Stage.WAITS) {
                soonest = Math.min(soonest, Math.max(hostNs, timeNs[i]));
            }
        }
        return coalescing.isEmpty() ? soonest : Math.min(soonest, deadlineNs);
    }

    /// Everything that happens at this time; returns how many requests came back.
    private int happen(long nowNs, long requests) {
        int back = 0;
        Deque<Integer> again = new ArrayDeque<>();
        for (boolean moved = true; moved;) {
            moved = true;
            int done = first(Stage.ON_DEVICE, nowNs);
            int arrived = first(Stage.INTERRUPTS, nowNs);
            if (done >= 0) {
                finish(done, nowNs);
            } else if (!coalescing.isEmpty() && deadlineNs <= nowNs) {
                raise(nowNs);
            } else if (hostNs <= nowNs && first(Stage.WAITS, nowNs) >= 0) {
                cross(nowNs);
            } else if (arrived >= 0) {
                long command = Math.min(leftBytes[arrived], model.host().maxTransferBytes());
                leftBytes[arrived] -= command;
                offset[arrived] += command;
                if (leftBytes[arrived] > 0) {
                    move(arrived, Stage.WAITS, nowNs);
                } else {
                    stage[arrived] = Stage.NONE;
                    again.add(arrived);
                    back++;
                }
            } else {
                moved = false;
            }
        }
        again.forEach(i -> issue(i, requests, nowNs));
        return back;
    }

    /// Who is longest in this stage and due; -1 for nobody.
    private int first(Stage wanted, long nowNs) {
        int first = -1;
        for (int i = 0; i < stage.length; i++) {
            if (stage[i] == wanted && timeNs[i] <= nowNs && (first < 0 || order[i] < order[first])) {
                first = i;
            }
        }
        return first;
    }

    private void finish(int i, long nowNs) {
        move(i, Stage.DONE, nowNs);
        coalescing.add(i);
        if (coalescing.size() == 1) {
            deadlineNs = nowNs + model.host().coalescedNs();
        }
        if (coalescing.size() == model.host().coalescedCount()) {
            raise(nowNs);
        }
    }

    private void raise(long nowNs) {
        interruptNs = Math.max(interruptNs, nowNs) + model.host().interruptNs();
        coalescing.forEach(i -> move(i, Stage.INTERRUPTS, interruptNs));
        coalescing.clear();
    }

    private void cross(long nowNs) {
        hostNs = nowNs + model.host().crossingNs();
        for (int n = 0; n < load.bundle(); n++) {
            int i = first(Stage.WAITS, nowNs);
            if (i < 0) {
                return;
            }
            hostNs += model.host().taskNs();
            long command = Math.min(leftBytes[i], model.host().maxTransferBytes());
            move(i, Stage.ON_DEVICE, serve(offset[i], command, hostNs));
        }
    }

    /// Walks the stripes of a command; what one disk has of it is in one piece there.
    private long serve(long start, long bytes, long atNs) {
        long[] share = new long[disks.length];
        long[] from = new long[disks.length];
        for (long at = start; at < start + bytes;) {
            long row = at / model.stripeBytes();
            int disk = (int) (row % disks.length);
            long end = disks.length == 1 ? start + bytes
                    : Math.min(start + bytes, (row + 1) * model.stripeBytes());
            if (share[disk] == 0) {
                from[disk] = disks.length == 1 ? at
                        : row / disks.length * model.stripeBytes() + at % model.stripeBytes();
            }
            share[disk] += end - at;
            at = end;
        }
        long doneNs = atNs;
        for (int i = 0; i < disks.length; i++) {
            if (share[i] > 0) {
                doneNs = Math.max(doneNs, serve(disks[i], from[i], share[i], atNs));
            }
        }
        return doneNs;
    }

    private long serve(Disk disk, long from, long bytes, long atNs) {
        DeviceModel.Member member = model.member();
        long startNs = Math.max(disk.channels.remove(), atNs);
        long linkBytesNs = nanoseconds(bytes, model.linkBytesPerSecond());
        long mediumNs = 0;
        long doneNs;
        if (load.writes() && member.cache().bytes() > 0) {
            long drainNs = nanoseconds(bytes, member.cache().drainBytesPerSecond());
            long spareNs = nanoseconds(member.cache().bytes(), member.cache().drainBytesPerSecond()) - drainNs;
            startNs = Math.max(startNs, disk.drainedNs - spareNs);
            disk.drainedNs = Math.max(disk.drainedNs, startNs) + drainNs;
            doneNs = startNs + member.writeNs();
        } else {
            mediumNs = nanoseconds(bytes, member.bytesPerSecond());
            long commandNs = startNs + (load.writes() ? member.writeNs() : member.readNs());
            doneNs = (load.random() ? commandNs + meanMoveNs(member.arm()) : movedNs(disk, from, commandNs)) + mediumNs;
        }
        disk.endBytes = from + bytes;
        disk.channels.add(doneNs);
        linkNs = Math.max(linkNs, doneNs - Math.min(mediumNs, linkBytesNs)) + linkBytesNs;
        return linkNs;
    }

    /// When the first byte is under the arm: the first time that is late enough and has its angle.
    private long movedNs(Disk disk, long from, long atNs) {
        DeviceModel.Arm arm = model.member().arm();
        if (from == disk.endBytes || arm.seekFullNs() + arm.rotationNs() == 0) {
            return atNs;
        }
        long diskBytes = capacityBytes / disks.length;
        double distance = Math.abs(from - disk.endBytes) / (double) diskBytes;
        long thereNs = atNs + arm.seekMinNs()
                + Math.round(Math.sqrt(distance) * (arm.seekFullNs() - arm.seekMinNs()));
        long rotationNs = arm.rotationNs();
        if (rotationNs == 0) {
            return thereNs;
        }
        long trackBytes = Math.max(1, Math.round(rotationNs * (double) model.member().bytesPerSecond() / 1e9));
        long angleNs = from % trackBytes * rotationNs / trackBytes;
        return angleNs + Math.ceilDiv(thereNs - angleNs, rotationNs) * rotationNs;
    }

    private static long meanMoveNs(DeviceModel.Arm arm) {
        return Math.round(arm.seekMinNs() + (arm.seekFullNs() - arm.seekMinNs()) * MEAN_ROOT_OF_DISTANCE
                + arm.rotationNs() / 2.0);
    }

    /// Rounded up.
    private static long nanoseconds(long bytes, long bytesPerSecond) {
        return (bytes * 1_000_000_000L + bytesPerSecond - 1) / bytesPerSecond;
    }
}
