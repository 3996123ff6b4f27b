package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskStateTest {
    private static final Map<TaskState, Set<TaskState>> LEGAL = new EnumMap<>(Map.of(
            TaskState.FREE, EnumSet.of(TaskState.CLAIMED),
            TaskState.CLAIMED, EnumSet.of(TaskState.QUEUED, TaskState.FREE),
            TaskState.QUEUED, EnumSet.of(TaskState.ACTIVE, TaskState.DONE, TaskState.CLAIMED),
            TaskState.ACTIVE, EnumSet.of(TaskState.PENDING, TaskState.DONE, TaskState.RESEND, TaskState.ZOMBIE),
            TaskState.PENDING, EnumSet.of(TaskState.DONE, TaskState.RESEND, TaskState.ZOMBIE),
            TaskState.RESEND, EnumSet.of(TaskState.QUEUED, TaskState.DONE),
            TaskState.DONE, EnumSet.of(TaskState.FREE),
            TaskState.ZOMBIE, EnumSet.of(TaskState.FREE)));

    @ParameterizedTest
    @EnumSource(TaskState.class)
    void allowsExactlyTheDocumentedMoves(TaskState from) {
        for (TaskState to : TaskState.values()) {
            assertThat(from.canBecome(to)).as("%s to %s", from, to).isEqualTo(LEGAL.get(from).contains(to));
        }
    }

    @ParameterizedTest
    @EnumSource(TaskState.class)
    void saysWhenTheControllerHoldsTheToken(TaskState state) {
        boolean withController = EnumSet.of(TaskState.ACTIVE, TaskState.PENDING, TaskState.ZOMBIE).contains(state);
        assertThat(state.isWithController()).isEqualTo(withController);
    }

    @ParameterizedTest
    @EnumSource(TaskState.class)
    void isReadBackFromItsOrdinal(TaskState state) {
        assertThat(TaskState.of(state.ordinal())).isSameAs(state);
    }
}
