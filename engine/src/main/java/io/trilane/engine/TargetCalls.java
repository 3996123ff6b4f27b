package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.FrameworkCall;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.ReentrancyGuard.Answer;
import io.trilane.engine.controller.TargetProperty;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.task.Role;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Creating and destroying targets as a controller calls it: from any role, synchronously where that can return.
final class TargetCalls {
    private final EngineCore core;

    TargetCalls(EngineCore core) {
        this.core = core;
    }

    TargetVerdict create(long targetId, Map<TargetProperty, String> properties) {
        if (!isAllowedHere(targetId)) {
            return TargetVerdict.REFUSED;
        }
        Reply<TargetVerdict> reply = new Reply<>();
        Answer answer = core.guard().await(FrameworkCall.CREATE_TARGET, "createTarget(" + targetId + ")",
                core.guard().rolesOf(FrameworkCall.CREATE_TARGET), () -> begin(targetId, properties, reply::complete),
                reply::isDone);
        return switch (answer) {
            case DONE -> Objects.requireNonNull(reply.get());
            case REFUSED -> TargetVerdict.REFUSED;
            case LATE -> giveUp(targetId);
        };
    }

    private TargetVerdict giveUp(long targetId) {
        core.messages().onControl(() -> core.targets().giveUp(targetId));
        return TargetVerdict.ABANDONED;
    }

    void create(long targetId, Map<TargetProperty, String> properties, Consumer<TargetVerdict> onDone) {
        begin(targetId, properties, verdict -> answer(() -> onDone.accept(verdict)));
    }

    boolean destroy(long targetId) {
        Role here = core.guard().currentRole();
        Role processRole = core.config().contract().role(Callback.PROCESS);
        boolean onProcessRole = here == processRole;
        boolean insideProcess = onProcessRole && core.guard().callbackOf(processRole) == Callback.PROCESS;
        BooleanSupplier returned =
                onProcessRole && !insideProcess ? () -> true : new SubmissionFence(core.messages(), processRole);
        Set<Role> needs = EnumSet.noneOf(Role.class);
        if (here != Role.CONTROL) {
            needs.add(Role.CONTROL);
        }
        if (!onProcessRole || insideProcess) {
            needs.add(processRole);
        }
        Reply<Boolean> reply = new Reply<>();
        Runnable work = () -> core.targets().destroy(targetId, returned, reply::complete);
        Runnable onThisRole = () -> {
            core.targets().expect();
            work.run();
        };
        boolean onControl = here == Role.CONTROL;
        Answer answer = core.guard().await(FrameworkCall.DESTROY_TARGET, "destroyTarget(" + targetId + ")", needs,
                onControl ? onThisRole : () -> expectOnControl(work),
                onControl ? () -> stepUntil(reply) : reply::isDone);
        return answer == Answer.DONE && Boolean.TRUE.equals(reply.get());
    }

    void destroy(long targetId, Consumer<Boolean> onDone) {
        expectOnControl(() -> core.targets().destroy(targetId, core.newFence(),
                done -> answer(() -> onDone.accept(done))));
    }

    private void begin(long targetId, Map<TargetProperty, String> properties, Consumer<TargetVerdict> onDone) {
        expectOnControl(() -> core.targets().create(targetId, properties, onDone));
    }

    private void answer(Runnable block) {
        core.targets().expect();
        Runnable andSettle = () -> {
            try {
                block.run();
            } finally {
                core.targets().unexpect();
            }
        };
        BooleanSupplier attempt =
                () -> core.messages().dispatch(core.config().contract().role(Callback.CREATE_TARGET), andSettle);
        if (!attempt.getAsBoolean()) {
            core.targets().retry(attempt);
        }
    }

    /// A job for the control role; when its queue is full nothing was expected.
    private void expectOnControl(Runnable job) {
        core.targets().expect();
        try {
            core.messages().onControl(job);
        } catch (IllegalStateException e) {
            core.targets().unexpect();
            throw e;
        }
    }

    /// The caller is the control role and waits: it steps the jobs itself.
    private boolean stepUntil(Reply<Boolean> reply) {
        int _ = core.targets().step(core.config().nanoClock().getAsLong());
        return reply.isDone();
    }

    /// The policy for creation on the auxiliary queue, where DRIVERKIT can return.
    private boolean isAllowedHere(long targetId) {
        QueueContract contract = core.config().contract();
        Role here = core.guard().currentRole();
        if (here == null || here != contract.role(Callback.CREATE_TARGET)
                || core.guard().rolesOf(FrameworkCall.CREATE_TARGET).contains(here)) {
            return true;
        }
        AuxiliaryCreation policy = core.config().framework().auxiliaryCreation();
        if (policy == AuxiliaryCreation.ALLOW) {
            core.config().framework().trace()
                    .ifPresent(trace -> trace.note("createTarget(" + targetId + ") on the auxiliary queue: "
                            + Misuse.CREATE_FROM_AUXILIARY.consequence()));
        } else {
            core.misuses().report(Misuse.CREATE_FROM_AUXILIARY,
                    () -> "createTarget(" + targetId + ") on role=" + here + " policy=" + policy);
        }
        return policy != AuxiliaryCreation.REFUSE;
    }
}
