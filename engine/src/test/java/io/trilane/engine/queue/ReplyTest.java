package io.trilane.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReplyTest {
    private final Reply<String> reply = new Reply<>();

    @Test
    void isDoneOnceItHasItsAnswer() {
        assertThat(reply.isDone()).isFalse();
        assertThat(reply.get()).isNull();
        reply.complete("yes");
        assertThat(reply.isDone()).isTrue();
        assertThat(reply.get()).isEqualTo("yes");
    }

    @Test
    void refusesASecondAnswer() {
        reply.complete("yes");
        assertThatThrownBy(() -> reply.complete("no")).isInstanceOf(IllegalStateException.class)
                .hasMessage("reply=no after reply=yes, answer a message once");
        assertThat(reply.get()).isEqualTo("yes");
    }
}
