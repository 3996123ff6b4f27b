package io.trilane.hba.command;

/// Executes commands that are alike. Stateless: everything is in the [Command] and the task's scratch. The gate has
/// checked everything that the row says.
public interface CommandFamily {
    /// Executes, or starts and answers [Outcome#PENDING].
    Outcome execute(Command command);

    /// Whether the command is answered while a reservation of another nexus stands against it. Asked for rows with
    /// [CommandTrait#OWN_RESERVATION_RULES] only.
    default boolean isAllowedWhileReserved(Command command) {
        throw new IllegalStateException("command=" + command.row().name() + " has no reservation rules of its own");
    }

    /// The image operation that the command started is done.
    ///
    /// @param result as [io.trilane.hba.image.DiskImage#submit] answers; never PENDING
    default Outcome resume(Command command, long result) {
        throw new IllegalStateException(
                "command=" + command.row().name() + " is resumed but never waits, result=" + result);
    }
}
