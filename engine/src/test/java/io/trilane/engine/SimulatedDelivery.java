package io.trilane.engine;

import io.trilane.engine.SimulationBooks.Answer;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;
import java.lang.foreign.ValueLayout;

/// Compares what a client of a [Simulation] is given with how the hardware answered, and with what the framework may say
/// in its place.
final class SimulatedDelivery {
    private final Simulation simulation;
    private final SimulationBooks books;

    SimulatedDelivery(Simulation simulation, SimulationBooks books) {
        this.simulation = simulation;
        this.books = books;
    }

    /// @param isClosing the client closes: it may be given what nobody has answered
    void check(Task task, boolean isClosing) {
        long number = task.userData();
        Answer answer = books.answers.remove(number);
        if (task.isZombie()) {
            checkVerdict(task, isClosing);
        } else if (task.serviceResponse() == ServiceResponse.TASK_COMPLETE) {
            checkAnswer(task, answer, isClosing);
        } else {
            checkFailure(task, answer, isClosing);
        }
        books.senseFetched.remove(number);
    }

    /// I7: a status of SAM, as the hardware gave it.
    private void checkAnswer(Task task, Answer answer, boolean isClosing) {
        long number = task.userData();
        String what = "I7: task " + number + " was answered " + answer + ", delivered " + task.status();
        switch (task.status()) {
            case GOOD -> {
                SimulationBooks.check(answer == Answer.GOOD, what);
                SimulationBooks.check(task.extensionLong(TaskExtension.RESIDUAL) == ~number,
                        "I5: answer to task " + number);
                SimulationBooks.check(
                        task.extents().count() == 0 || task.extents().segment(0).get(ValueLayout.JAVA_LONG_UNALIGNED,
                                task.extents().offset(0)) == ~number,
                        "I5: data of task " + number);
            }
            case CHECK_CONDITION -> {
                SimulationBooks.check(answer == Answer.CHECK, what);
                SimulationBooks.check(task.cdbByte(0) == SimulatedClient.READ_10[0]
                        && task.cdbLength() == SimulatedClient.READ_10.length, "command of task " + number);
                boolean mustHaveSense =
                        books.plan.autoSense() || books.plan.isCorrect() && !simulation.hasFailedFast && !isClosing
                                || books.senseFetched.contains(number);
                SimulationBooks.check(!mustHaveSense || task.senseLength() == 18 && task.senseByte(2) == 3,
                        "I8: task " + number + " has no sense data");
                if (books.senseFetched.contains(number)) {
                    books.met(SimulatedEvent.SENSE_FETCHED);
                }
            }
            case BUSY -> {
                SimulationBooks.check(answer == Answer.FULL, what);
                books.met(SimulatedEvent.FULL_TO_THE_END);
            }
            case TASK_ABORTED -> SimulationBooks.check(answer == Answer.ABORTED, what);
            default -> SimulationBooks.check(false, what);
        }
    }

    /// I7: a status that is not SAM's, of the hardware or of the framework.
    private void checkFailure(Task task, Answer answer, boolean isClosing) {
        String what = "I7: task " + task.userData() + " was answered " + answer + ", delivered " + task.status();
        SimulationBooks.check(task.serviceResponse() == ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, what);
        switch (task.status()) {
            case PROTOCOL_TIMEOUT_OCCURRED -> SimulationBooks.check(answer == Answer.DELIVERY, what);
            case DEVICE_NOT_PRESENT -> books.met(SimulatedEvent.ABSENT_TARGET);
            case DEVICE_NOT_RESPONDING -> {
                SimulationBooks.check(isClosing, what);
                simulation.abandoned();
            }
            case DELIVERY_FAILURE -> {
                boolean isOfController = answer == Answer.BAD_VERSION || answer == Answer.SYNCHRONOUS;
                SimulationBooks.check(isOfController || simulation.hasFailedFast, what);
                if (!isOfController) {
                    books.met(SimulatedEvent.FAILED_FAST);
                }
            }
            case NO_STATUS -> {
                SimulationBooks.check(books.named.contains(task.userData()), what);
                books.met(SimulatedEvent.ABORTED_BY_THE_FRAMEWORK);
            }
            default -> SimulationBooks.check(false, what);
        }
    }

    private void checkVerdict(Task task, boolean isClosing) {
        SimulationBooks.check(task.serviceResponse() == ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE,
                "verdict of a zombie");
        switch (task.status()) {
            case TASK_TIMEOUT_OCCURRED -> {
                SimulationBooks.check(!books.plan.isCorrect(), "a deadline passed");
                books.met(SimulatedEvent.TIMEOUT);
            }
            case DEVICE_NOT_PRESENT -> books.met(SimulatedEvent.DRAINED);
            case DEVICE_NOT_RESPONDING -> {
                SimulationBooks.check(isClosing, "abandoned although it does not close");
                simulation.abandoned();
            }
            default -> SimulationBooks.check(false, "verdict " + task.status());
        }
    }
}
