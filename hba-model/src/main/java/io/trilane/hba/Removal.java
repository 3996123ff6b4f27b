package io.trilane.hba;

import io.trilane.engine.queue.Reply;

/// How far an unplugged target is gone. Both answer false when there was no such target.
///
/// @param letGo     the hardware has no task and no background flush of it any more: its images may be closed
/// @param destroyed the framework has destroyed it; false also when the framework did not have it
public record Removal(Reply<Boolean> letGo, Reply<Boolean> destroyed) {}
