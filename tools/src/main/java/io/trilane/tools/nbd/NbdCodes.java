package io.trilane.tools.nbd;

/// Numbers of the protocol (proto.md, "Values"), all big endian on the wire.
public final class NbdCodes {
    public static final int DEFAULT_PORT = 10809;

    public static final long HELLO_MAGIC = 0x4e42444d41474943L;
    public static final long OPTION_MAGIC = 0x49484156454F5054L;
    public static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    public static final int REQUEST_MAGIC = 0x25609513;
    public static final int SIMPLE_REPLY_MAGIC = 0x67446698;
    public static final int STRUCTURED_REPLY_MAGIC = 0x668e33ef;

    public static final int FLAG_FIXED_NEWSTYLE = 1;
    public static final int FLAG_NO_ZEROES = 1 << 1;

    // Transmission flags.
    public static final int HAS_FLAGS = 1;
    public static final int READ_ONLY = 1 << 1;
    public static final int SEND_FLUSH = 1 << 2;
    public static final int SEND_FUA = 1 << 3;
    public static final int SEND_TRIM = 1 << 5;
    public static final int SEND_WRITE_ZEROES = 1 << 6;
    public static final int SEND_DF = 1 << 7;
    public static final int CAN_MULTI_CONN = 1 << 8;
    public static final int SEND_CACHE = 1 << 10;
    public static final int SEND_FAST_ZERO = 1 << 11;

    public static final int OPT_EXPORT_NAME = 1;
    public static final int OPT_ABORT = 2;
    public static final int OPT_LIST = 3;
    public static final int OPT_STARTTLS = 5;
    public static final int OPT_INFO = 6;
    public static final int OPT_GO = 7;
    public static final int OPT_STRUCTURED_REPLY = 8;
    public static final int OPT_LIST_META_CONTEXT = 9;
    public static final int OPT_SET_META_CONTEXT = 10;

    public static final int REP_ACK = 1;
    public static final int REP_SERVER = 2;
    public static final int REP_INFO = 3;
    public static final int REP_META_CONTEXT = 4;
    public static final int REP_ERR_UNSUP = 1 << 31 | 1;
    public static final int REP_ERR_POLICY = 1 << 31 | 2;
    public static final int REP_ERR_INVALID = 1 << 31 | 3;
    public static final int REP_ERR_TLS_REQD = 1 << 31 | 5;
    public static final int REP_ERR_UNKNOWN = 1 << 31 | 6;
    public static final int REP_ERR_SHUTDOWN = 1 << 31 | 7;
    public static final int REP_ERR_TOO_BIG = 1 << 31 | 9;

    public static final int INFO_EXPORT = 0;
    public static final int INFO_NAME = 1;
    public static final int INFO_DESCRIPTION = 2;
    public static final int INFO_BLOCK_SIZE = 3;

    public static final int CMD_READ = 0;
    public static final int CMD_WRITE = 1;
    public static final int CMD_DISC = 2;
    public static final int CMD_FLUSH = 3;
    public static final int CMD_TRIM = 4;
    public static final int CMD_CACHE = 5;
    public static final int CMD_WRITE_ZEROES = 6;
    public static final int CMD_BLOCK_STATUS = 7;

    public static final int CMD_FLAG_FUA = 1;
    public static final int CMD_FLAG_NO_HOLE = 1 << 1;
    public static final int CMD_FLAG_DF = 1 << 2;
    public static final int CMD_FLAG_REQ_ONE = 1 << 3;
    public static final int CMD_FLAG_FAST_ZERO = 1 << 4;

    public static final int REPLY_FLAG_DONE = 1;
    public static final int REPLY_NONE = 0;
    public static final int REPLY_OFFSET_DATA = 1;
    public static final int REPLY_BLOCK_STATUS = 5;
    public static final int REPLY_ERROR = 1 << 15 | 1;

    public static final int STATE_HOLE = 1;
    public static final int STATE_ZERO = 1 << 1;

    public static final int EPERM = 1;
    public static final int EIO = 5;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EOVERFLOW = 75;
    public static final int ENOTSUP = 95;
    public static final int ESHUTDOWN = 108;

    /// Longest payload of one request that is promised, in bytes.
    public static final int MAX_PAYLOAD_BYTES = 32 << 20;
    /// A string is never longer (proto.md, "Conventions").
    public static final int MAX_STRING_BYTES = 4096;
    public static final String CONTEXT_NAME = "base:allocation";
    public static final int CONTEXT_ID = 1;

    private NbdCodes() {}
}
