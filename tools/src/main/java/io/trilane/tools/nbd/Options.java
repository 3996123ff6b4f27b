package io.trilane.tools.nbd;

import io.trilane.tools.frontend.Connection;
import io.trilane.tools.frontend.ServedUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Answers options (proto.md, "Option types") and keeps what they have settled. Belongs to its connection's event loop.
final class Options {
    /// What the outbox surely takes at once.
    private static final int MAX_LIST_BYTES = 30_000;
    private static final int MAX_LIST_PIECES = 500;

    private final Connection connection;
    private final NbdExports exports;
    private final @Nullable TlsSettings tls;
    private final UnitOpening opening;
    private final OptionReplies replies;
    private boolean noZeroes;
    private boolean isEncrypted;
    private boolean wantsTls;
    private boolean isStructured;
    private boolean isStopping;
    /// For which base:allocation was selected.
    private @Nullable ServedUnit contextUnit;
    private @Nullable ServedUnit chosen;

    /// Makes the chosen unit ready, before its peer is told that it may begin.
    interface UnitOpening {
        /// @throws IOException there is no room for another peer
        void open(ServedUnit unit) throws IOException;
    }

    Options(Connection connection, NbdExports exports, @Nullable TlsSettings tls, UnitOpening opening) {
        this.connection = connection;
        this.exports = exports;
        this.tls = tls;
        this.opening = opening;
        this.replies = new OptionReplies(connection.outbox());
        replies.greet();
    }

    void setNoZeroes(boolean isSet) {
        noZeroes = isSet;
    }

    void onStop() {
        isStopping = true;
    }

    /// An export was chosen: the transmission phase begins.
    boolean isOver() {
        return chosen != null;
    }

    /// Valid when [#isOver].
    ServedUnit chosen() {
        return Objects.requireNonNull(chosen);
    }

    boolean isStructured() {
        return isStructured;
    }

    boolean hasContext() {
        return contextUnit != null && contextUnit.equals(chosen);
    }

    /// STARTTLS was acknowledged: [#startTls] as soon as the outbox is empty.
    boolean wantsTls() {
        return wantsTls;
    }

    /// @param stagedBytes that came in clear behind STARTTLS: somebody may have put them there
    void startTls(int stagedBytes) throws IOException {
        if (stagedBytes > 0) {
            throw new IOException("stagedBytes=" + stagedBytes + " came in clear behind STARTTLS");
        }
        connection.upgrade(Objects.requireNonNull(tls).wrap(connection.transport()));
        wantsTls = false;
        isEncrypted = true;
        isStructured = false;
        contextUnit = null;
    }

    void onTooLong(int option) {
        if (option == NbdCodes.OPT_SET_META_CONTEXT) {
            contextUnit = null;
        }
        replies.error(option, NbdCodes.REP_ERR_TOO_BIG, "the option is too long");
    }

    void onOption(int option, byte[] data) throws IOException {
        boolean needsTls = tls != null && tls.isRequired() && !isEncrypted;
        if (option == NbdCodes.OPT_ABORT) {
            replies.acknowledge(option);
            connection.close(null);
        } else if (needsTls && option == NbdCodes.OPT_EXPORT_NAME) {
            throw new IOException("EXPORT_NAME without TLS, which is required here");
        } else if (needsTls && option != NbdCodes.OPT_STARTTLS) {
            replies.error(option, NbdCodes.REP_ERR_TLS_REQD, "this server requires TLS, begin with STARTTLS");
        } else if (isStopping && option != NbdCodes.OPT_EXPORT_NAME) {
            replies.error(option, NbdCodes.REP_ERR_SHUTDOWN, "the server stops");
        } else {
            answer(option, data);
        }
    }

    private void answer(int option, byte[] data) throws IOException {
        try {
            switch (option) {
                case NbdCodes.OPT_EXPORT_NAME -> exportName(new OptionData(data).rest());
                case NbdCodes.OPT_LIST -> list(data);
                case NbdCodes.OPT_STARTTLS -> acceptTls(data);
                case NbdCodes.OPT_INFO, NbdCodes.OPT_GO -> info(option, new OptionData(data));
                case NbdCodes.OPT_STRUCTURED_REPLY -> structuredReply(data);
                case NbdCodes.OPT_LIST_META_CONTEXT -> listContexts(new OptionData(data));
                case NbdCodes.OPT_SET_META_CONTEXT -> setContexts(new OptionData(data));
                default -> replies.error(option, NbdCodes.REP_ERR_UNSUP, "the option is not supported");
            }
        } catch (OptionData.MalformedException e) {
            if (option == NbdCodes.OPT_EXPORT_NAME) {
                throw new IOException("EXPORT_NAME is malformed: " + e.getMessage(), e);
            }
            replies.error(option, NbdCodes.REP_ERR_INVALID, Objects.requireNonNull(e.getMessage()));
        }
    }

    private void exportName(String name) throws IOException {
        ServedUnit unit = exports.find(name);
        if (unit == null) {
            throw new IOException("export=" + printable(name) + " is unknown");
        }
        opening.open(unit);
        replies.exportName(unit, NbdExports.flags(unit, isStructured), !noZeroes);
        chosen = unit;
    }

    private void list(byte[] data) throws OptionData.MalformedException {
        refuseData(data);
        int bytes = 0;
        for (ServedUnit unit : exports.units()) {
            bytes += OptionReplies.HEAD_BYTES + 4 + unit.name().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MAX_LIST_BYTES || exports.units().size() > MAX_LIST_PIECES) {
            replies.error(NbdCodes.OPT_LIST, NbdCodes.REP_ERR_TOO_BIG, "there are too many exports to list");
            return;
        }
        for (ServedUnit unit : exports.units()) {
            replies.server(unit.name().getBytes(StandardCharsets.UTF_8));
        }
        replies.acknowledge(NbdCodes.OPT_LIST);
    }

    private void acceptTls(byte[] data) throws OptionData.MalformedException {
        refuseData(data);
        if (tls == null) {
            replies.error(NbdCodes.OPT_STARTTLS, NbdCodes.REP_ERR_POLICY, "this server has no TLS certificate");
        } else if (isEncrypted) {
            replies.error(NbdCodes.OPT_STARTTLS, NbdCodes.REP_ERR_INVALID, "TLS has begun already");
        } else {
            replies.acknowledge(NbdCodes.OPT_STARTTLS);
            wantsTls = true;
        }
    }

    private void info(int option, OptionData data) throws OptionData.MalformedException {
        String name = data.string();
        int[] wanted = data.shortsToEnd();
        ServedUnit unit = exports.find(name);
        if (unit == null) {
            replies.error(option, NbdCodes.REP_ERR_UNKNOWN, "export=" + printable(name) + " is unknown");
            return;
        }
        if (option == NbdCodes.OPT_GO && !isOpened(unit)) {
            return;
        }
        replies.exportInfo(option, unit, NbdExports.flags(unit, isStructured));
        if (contains(wanted, NbdCodes.INFO_NAME)) {
            replies.nameInfo(option, unit);
        }
        if (contains(wanted, NbdCodes.INFO_DESCRIPTION)) {
            replies.descriptionInfo(option, unit);
        }
        if (contains(wanted, NbdCodes.INFO_BLOCK_SIZE)) {
            replies.blockSizeInfo(option, unit);
        }
        replies.acknowledge(option);
        if (option == NbdCodes.OPT_GO) {
            chosen = unit;
        }
    }

    private boolean isOpened(ServedUnit unit) {
        try {
            opening.open(unit);
            return true;
        } catch (IOException e) {
            connection.log("export=" + unit.name() + " refused: " + e.getMessage());
            replies.error(NbdCodes.OPT_GO, NbdCodes.REP_ERR_POLICY, "the server has no room for another client");
            return false;
        }
    }

    private void structuredReply(byte[] data) throws OptionData.MalformedException {
        refuseData(data);
        isStructured = true;
        replies.acknowledge(NbdCodes.OPT_STRUCTURED_REPLY);
    }

    private void listContexts(OptionData data) throws OptionData.MalformedException {
        if (!isStructured) {
            throw new OptionData.MalformedException("structured replies come first");
        }
        String name = data.string();
        List<String> queries = data.stringsToEnd();
        if (isUnknown(NbdCodes.OPT_LIST_META_CONTEXT, name)) {
            return;
        }
        if (queries.isEmpty() || matches(queries, true)) {
            replies.metaContext(NbdCodes.OPT_LIST_META_CONTEXT, 0);
        }
        replies.acknowledge(NbdCodes.OPT_LIST_META_CONTEXT);
    }

    /// Replaces what was selected before, also when it fails.
    private void setContexts(OptionData data) throws OptionData.MalformedException {
        contextUnit = null;
        if (!isStructured) {
            throw new OptionData.MalformedException("structured replies come first");
        }
        String name = data.string();
        List<String> queries = data.stringsToEnd();
        if (isUnknown(NbdCodes.OPT_SET_META_CONTEXT, name)) {
            return;
        }
        if (matches(queries, false)) {
            contextUnit = exports.find(name);
            replies.metaContext(NbdCodes.OPT_SET_META_CONTEXT, NbdCodes.CONTEXT_ID);
        }
        replies.acknowledge(NbdCodes.OPT_SET_META_CONTEXT);
    }

    private boolean isUnknown(int option, String name) {
        if (exports.find(name) != null) {
            return false;
        }
        replies.error(option, NbdCodes.REP_ERR_UNKNOWN, "export=" + printable(name) + " is unknown");
        return true;
    }

    private static boolean matches(List<String> queries, boolean withWildcard) throws OptionData.MalformedException {
        boolean found = false;
        for (String query : queries) {
            if (query.indexOf(':') < 1) {
                throw new OptionData.MalformedException("query has no namespace");
            }
            found |= query.equals(NbdCodes.CONTEXT_NAME) || withWildcard && query.equals("base:");
        }
        return found;
    }

    private static boolean contains(int[] numbers, int wanted) {
        for (int number : numbers) {
            if (number == wanted) {
                return true;
            }
        }
        return false;
    }

    private static void refuseData(byte[] data) throws OptionData.MalformedException {
        if (data.length != 0) {
            throw new OptionData.MalformedException("length=" + data.length + " > 0, the option has no data");
        }
    }

    /// A peer's text, for a log line of ours.
    private static String printable(String text) {
        String shown = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
