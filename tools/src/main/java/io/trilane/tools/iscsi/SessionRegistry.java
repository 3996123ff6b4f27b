package io.trilane.tools.iscsi;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sessions that are logged in, over all event loops. Gives out TSIHs and ends an old session when its initiator port logs
/// in again (RFC 7143 6.3.5). Any thread; nothing is called under its monitor.
public final class SessionRegistry {
    /// What [#join] answers when every TSIH is taken.
    static final int FULL = 0;
    /// What [#join] answers after [#close].
    static final int CLOSED = -1;

    private static final int MAX_TSIH = 0xFFFF;

    private final int maxSessions;
    private final Map<Port, Session> byPort = new HashMap<>();
    private final Map<Integer, Session> byTsih = new HashMap<>();
    private final Map<Member, Session> byMember = new IdentityHashMap<>();
    private int lastTsih;
    private boolean closed;

    /// One connection with its session. Equality is identity.
    public interface Member {
        /// The initiator has logged in anew: this session is over, its connection has to be closed. Any thread.
        void reinstated();
    }

    /// What makes two sessions the same (RFC 7143 4.4.2): both ports of the nexus.
    ///
    /// @param targetName empty for discovery
    record Port(String initiatorName, long isid, String targetName) {}

    /// How a request to join an existing session relates to what there is.
    enum Standing {
        /// No such session.
        UNKNOWN,
        /// The session is there, with another connection.
        OTHER_CONNECTION,
        /// The session is there, with a connection of this CID.
        SAME_CONNECTION
    }

    private record Session(Port port, int tsih, int connectionId, Member member) {}

    public SessionRegistry() {
        this(MAX_TSIH);
    }

    /// @param maxSessions 1..65535; logins beyond it are answered "out of resources"
    public SessionRegistry(int maxSessions) {
        if (maxSessions < 1 || maxSessions > MAX_TSIH) {
            throw new IllegalArgumentException(
                    "maxSessions=" + maxSessions + " outside 1.." + MAX_TSIH + ", choose a value inside");
        }
        this.maxSessions = maxSessions;
    }

    /// A new session of a member that has none, which takes the place of the old one of the same port, if any. The old member has heard of
    /// it when this returns.
    ///
    /// @return its TSIH, [#FULL] or [#CLOSED]
    int join(Port port, int connectionId, Member member) {
        Session old;
        int tsih;
        synchronized (this) {
            old = byPort.get(port);
            int others = byTsih.size() - (old == null ? 0 : 1);
            if (closed || others >= maxSessions) {
                return closed ? CLOSED : FULL;
            }
            // The old TSIH stays taken while a new one is searched, so that the two differ; unless there is no other.
            tsih = byTsih.size() < MAX_TSIH || old == null ? freeTsih() : old.tsih();
            remove(old);
            add(new Session(port, tsih, connectionId, member));
        }
        if (old != null) {
            old.member().reinstated();
        }
        return tsih;
    }

    synchronized Standing standing(Port port, int tsih, int connectionId) {
        Session session = byPort.get(port);
        if (session == null || session.tsih() != tsih) {
            return Standing.UNKNOWN;
        }
        return session.connectionId() == connectionId ? Standing.SAME_CONNECTION : Standing.OTHER_CONNECTION;
    }

    /// The member's connection is closed. Does nothing if it never logged in, or was reinstated.
    public synchronized void leave(Member member) {
        remove(byMember.get(member));
    }

    /// No more logins: they are answered "service unavailable".
    public synchronized void close() {
        closed = true;
    }

    /// How many sessions there are.
    public synchronized int size() {
        return byTsih.size();
    }

    private int freeTsih() {
        do {
            lastTsih = lastTsih % MAX_TSIH + 1;
        } while (byTsih.containsKey(lastTsih));
        return lastTsih;
    }

    private void add(Session session) {
        remove(byMember.get(session.member()));
        byPort.put(session.port(), session);
        byTsih.put(session.tsih(), session);
        byMember.put(session.member(), session);
    }

    private void remove(@Nullable Session session) {
        if (session != null) {
            byPort.remove(session.port());
            byTsih.remove(session.tsih());
            byMember.remove(session.member());
        }
    }
}
