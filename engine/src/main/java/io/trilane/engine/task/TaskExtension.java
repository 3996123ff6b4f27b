package io.trilane.engine.task;

/// What DriverKit's two structures cannot say, in a slot of our own.
///
/// ```text
///   0 nexusId u32        4 extentCount u32     8 deadlineNs i64
///  16 cdb u8[32]  (CDB bytes 16..47, wire order)
///  48 extents {address u64, length u64}[4]
/// 112 stageNs i64[5]  (submitted, dequeued, executed, interrupted, delivered)
/// 152 verdictService u32  156 verdictStatus u32
/// 160 information u64   168 fieldPointer u32   172 senseFlags u32
/// 176 scratch u8[64]  (the executing command's own)
/// 240 userData u64      248 residual i64
/// ```
///
/// `nexusId`, `cdb`, `extents`, `userData` are the client's; `deadlineNs` and `verdict*` the engine's; `stageNs` is written by whoever
/// has the task at that [TaskStage], when its client asks for it; `information`,
/// `fieldPointer`, `senseFlags`, `scratch` and `residual` the executing device's. Accessors: [CommandLayout]'s.
@HotPath
public final class TaskExtension {
    public static final int NEXUS_ID = 0;
    public static final int EXTENT_COUNT = NEXUS_ID + 4;
    public static final int DEADLINE_NS = EXTENT_COUNT + 4;
    public static final int CDB = DEADLINE_NS + 8;
    public static final int CDB_BYTES = 32;
    public static final int EXTENTS = CDB + CDB_BYTES;
    public static final int MAX_EXTENTS = 4;
    public static final int EXTENT_BYTES = 16;
    public static final int STAGE_NS = EXTENTS + MAX_EXTENTS * EXTENT_BYTES;
    public static final int STAGES = 5;
    public static final int VERDICT_SERVICE = STAGE_NS + STAGES * 8;
    public static final int VERDICT_STATUS = VERDICT_SERVICE + 4;
    public static final int INFORMATION = VERDICT_STATUS + 4;
    public static final int FIELD_POINTER = INFORMATION + 8;
    public static final int SENSE_FLAGS = FIELD_POINTER + 4;
    public static final int SCRATCH = SENSE_FLAGS + 4;
    public static final int SCRATCH_BYTES = 64;
    public static final int USER_DATA = SCRATCH + SCRATCH_BYTES;
    public static final int RESIDUAL = USER_DATA + 8;
    /// Bytes of a slot.
    public static final int LENGTH = RESIDUAL + 8;

    /// [#SENSE_FLAGS]: [#INFORMATION] is valid.
    public static final int SENSE_INFORMATION_VALID = 1;
    /// [#SENSE_FLAGS]: [#FIELD_POINTER] is valid (byte in bits 0..15, bit number in 16..18, bit valid in 19).
    public static final int SENSE_FIELD_POINTER_VALID = 2;

    /// Longest CDB a task can carry.
    public static final int MAX_CDB_BYTES = CommandLayout.CDB_BYTES + CDB_BYTES;

    private TaskExtension() {}
}
