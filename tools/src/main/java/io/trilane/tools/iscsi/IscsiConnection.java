package io.trilane.tools.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.tools.frontend.Connection;
import io.trilane.tools.frontend.Protocol;
import io.trilane.tools.frontend.ServerEvent;
import java.io.IOException;
import java.util.random.RandomGenerator;

/// One iSCSI connection, which is one session: reads PDUs and gives them to the phase it is in. Belongs to its event loop.
@HotPath
final class IscsiConnection implements Protocol {
    /// Then other connections have their turn.
    private static final int PDUS_PER_TURN = 64;

    /// What is read next.
    private enum Stage {
        HEADER,
        /// A header is here that the phase could not take yet.
        HELD, DATA
    }

    private final IscsiFrontEnd frontEnd;
    private final IscsiService service;
    private final Connection connection;
    private final String portal;
    private final SessionRegistry.Member member;
    private final SerialNumbers numbers = new SerialNumbers();
    private final CommandSlots slots;
    private final PduReader reader;
    private final PduWriter writer;
    private Phase phase;
    private Stage stage = Stage.HEADER;

    /// @param portal address that the peer connected to
    IscsiConnection(IscsiFrontEnd frontEnd, IscsiService service, Connection connection, RandomGenerator random,
            String portal) {
        this.frontEnd = frontEnd;
        this.service = service;
        this.connection = connection;
        this.portal = portal;
        this.member = () -> connection.dropFromOutside("session reinstated by a new login");
        this.slots = new CommandSlots(service.limits().maxTasks());
        this.reader = new PduReader(connection.inbox(), connection.windows());
        this.writer = new PduWriter(connection.outbox(), connection.windows(), numbers);
        LoginExchange exchange = new LoginExchange(service.targets(), service.policy(), service.sessions(), member,
                random, portal);
        this.phase = new LoginPhase(this, reader, writer, numbers, exchange, this::open,
                connection.nowNs() + service.limits().handshakeTimeoutNs());
    }

    Connection connection() {
        return connection;
    }

    @Override
    public boolean onReadable() throws IOException {
        long receivedBefore = reader.receivedBytes();
        phase.onRoom(connection.nowNs());
        int pdus = 0;
        while (pdus < PDUS_PER_TURN && !connection.isClosing() && readPdu()) {
            pdus++;
        }
        if (reader.receivedBytes() != receivedBefore && !connection.isClosing()) {
            phase.onSignOfLife(connection.nowNs());
        }
        return pdus == PDUS_PER_TURN;
    }

    @Override
    public void onTask(Task task) throws IOException {
        phase.onTask(task);
    }

    @Override
    public long deadlineNs() {
        return phase.deadlineNs();
    }

    @Override
    public void onDeadline(long nowNs) throws IOException {
        phase.onDeadline(nowNs);
    }

    @Override
    public void onEvent(ServerEvent event) {
        phase.onEvent(event);
    }

    @Override
    public void onStop() {
        phase.onStop(connection.nowNs());
    }

    @Override
    public boolean isIdle() {
        return phase.isIdle();
    }

    @Override
    public void onClosed() {
        phase.onClosed();
        frontEnd.leave(connection);
        service.sessions().leave(member);
    }

    /// Login is over and answered: digests from here on, both ways.
    void enterFullFeature(SessionParameters agreed) {
        reader.setDigests(agreed.headerDigest(), agreed.dataDigest());
        writer.setDigests(agreed.headerDigest(), agreed.dataDigest());
        Session session = new Session(connection, reader, writer, numbers, slots, agreed, service.targetId(),
                service.maxTransferBytes());
        phase = new FullFeature(session, service, portal, frontEnd::dropSessions);
        frontEnd.enter(connection);
    }

    /// Before the last answer of a login: what the session needs. Returns why not, or nothing.
    private String open(SessionParameters agreed) {
        if (!agreed.isDiscovery()) {
            try {
                var _ = connection.openClient(agreed.initiatorPort(),
                        agreed.targetName() + ",t,0x" + TargetDirectory.PORTAL_GROUP_TAG);
            } catch (IOException e) {
                service.sessions().leave(member);
                return String.valueOf(e.getMessage());
            }
        }
        numbers.openWindow(slots.room());
        return "";
    }

    /// One PDU, or what there is of it; false when more has to come first.
    private boolean readPdu() throws IOException {
        if (stage == Stage.HEADER) {
            if (!reader.readHeader()) {
                return false;
            }
            stage = Stage.HELD;
        }
        if (stage == Stage.HELD) {
            if (!phase.onHeader()) {
                return false;
            }
            stage = Stage.DATA;
        }
        if (connection.isClosing() || !reader.readData()) {
            return false;
        }
        stage = Stage.HEADER;
        phase.onPdu();
        return true;
    }
}
