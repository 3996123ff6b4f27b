package io.trilane.engine.task;

/// A response slot: the fields of DriverKit's `SCSIUserParallelResponse` at the same offsets (`driverkit.md` 4.2).
///
/// ```text
///   0 version u64           8 targetId u64         16 featureResult u32[5]  40 featureResultCount u64
///  48 controllerTaskId u64 56 completionStatus u32 60 serviceResponse u32   64 bytesTransferred u64
///  72 senseLength u8       73 sense u8[256]       329 reserved u8[55]
/// ```
///
/// `senseLength` is one byte, so at most 255 of the 256 sense bytes can be expressed. Written by the controller between
/// submission and completion, read by the client after completion. Accessors: [CommandLayout]'s.
@HotPath
public final class ResponseLayout {
    public static final int VERSION = 0;
    public static final int TARGET_ID = VERSION + 8;
    public static final int FEATURE_RESULT = TARGET_ID + 8;
    public static final int FEATURE_RESULT_COUNT = FEATURE_RESULT + CommandLayout.FEATURES * 4 + 4;
    public static final int CONTROLLER_TASK_ID = FEATURE_RESULT_COUNT + 8;
    public static final int COMPLETION_STATUS = CONTROLLER_TASK_ID + 8;
    public static final int SERVICE_RESPONSE = COMPLETION_STATUS + 4;
    public static final int BYTES_TRANSFERRED = SERVICE_RESPONSE + 4;
    public static final int SENSE_LENGTH = BYTES_TRANSFERRED + 8;
    public static final int SENSE = SENSE_LENGTH + 1;
    public static final int SENSE_BYTES = 256;
    public static final int RESERVED = SENSE + SENSE_BYTES;
    /// Bytes of a slot.
    public static final int LENGTH = RESERVED + 55;

    /// The largest sense length that the length byte can express.
    public static final int MAX_SENSE_LENGTH = 255;
    /// The only version there is; any other is `RESPONSE_VERSION_BAD` (`driverkit.md` 3.4, row 12).
    public static final long VERSION_1 = 1;

    private ResponseLayout() {}
}
