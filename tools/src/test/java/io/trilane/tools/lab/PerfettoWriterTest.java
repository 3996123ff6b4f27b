package io.trilane.tools.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.CallTrace;
import io.trilane.engine.controller.CallTrace.Span;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.ReentrancyGuard;
import io.trilane.engine.controller.RoleActivity;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.task.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class PerfettoWriterTest {
    private final long[] nowNs = {1_000_000};
    private final LongSupplier clock = () -> nowNs[0] += 1_001;
    private final RoleActivity control = new RoleActivity(Role.CONTROL);
    private final CallTrace trace = new CallTrace(4);
    private Runnable inside = () -> {};
    private final Controller controller = trace.around(scripted(), new ReentrancyGuard(QueueContract.ENGINE,
            new RoleActivity[]{control, new RoleActivity(Role.INTERRUPT), new RoleActivity(Role.IO)},
            new MisuseLog(clock, CountersFile.inMemory()), (condition, _) -> condition.getAsBoolean(), 1_000), clock);

    @Test
    void writesACompleteEventWithTimesInMicroseconds() throws IOException {
        onControl(() -> controller.initializeTarget(3));
        Map<?, ?> event = events("X").getFirst();
        assertThat(event.get("name")).isEqualTo("initializeTarget");
        assertThat(event.get("cat")).isEqualTo("framework→controller");
        assertThat(event.get("ts")).isEqualTo("1.001");
        assertThat(event.get("dur")).isEqualTo("1.001");
        assertThat((Map<?, ?>) event.get("args")).isEqualTo(
                Map.of("arguments", "target=3", "result", "true", "sequence", "0", "depth", "0"));
    }

    @Test
    void givesEachRoleATrackAndThreadsTheirOwnBehindThem() throws IOException {
        onControl(() -> controller.initializeTarget(3));
        controller.stop();
        assertThat(events("M").stream().filter(event -> event.get("name").equals("thread_name"))
                .map(event -> event.get("tid") + " " + ((Map<?, ?>) event.get("args")).get("name"))).containsExactly(
                        "1 CONTROL", "2 INTERRUPT", "3 IO", "4 hardware", "5 " + Thread.currentThread().getName());
        assertThat(texts("X", "tid")).containsExactly("1", "5");
    }

    @Test
    void writesACallThatHasNotReturnedAsABeginWithoutAnEnd() throws IOException {
        List<Map<?, ?>> begins = new ArrayList<>();
        inside = () -> {
            try {
                begins.addAll(events("B"));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
        controller.initializeTarget(3);
        assertThat(begins).singleElement().satisfies(event -> {
            assertThat(event.get("name")).isEqualTo("initializeTarget");
            assertThat(event.containsKey("dur")).isFalse();
        });
        assertThat(events("B")).isEmpty();
    }

    @Test
    void writesANoteAsAnInstant() throws IOException {
        trace.note("a \"remark\"");
        assertThat(events("i")).singleElement().satisfies(event -> {
            assertThat(event.get("name")).isEqualTo("a \"remark\"");
            assertThat(event.get("s")).isEqualTo("t");
        });
    }

    @Test
    void saysHowManySpansAreMissing() throws IOException {
        for (int i = 0; i < 6; i++) {
            controller.stop();
        }
        assertThat(events("X")).hasSize(4);
        assertThat(((Map<?, ?>) document().get("otherData")).get("dropped")).isEqualTo("2");
    }

    @Test
    void writesEverySpanOnceInItsOrder() throws IOException {
        inside = controller::stop;
        controller.initializeTarget(1);
        controller.init();
        assertThat(texts("X", "name"))
                .isEqualTo(trace.spans().stream().map(Span::call).toList());
    }

    @Test
    void leavesTheStreamOpen() throws IOException {
        boolean[] closed = {false};
        PerfettoWriter.write(trace, new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        });
        assertThat(closed[0]).isFalse();
    }

    private void onControl(Runnable body) {
        control.begin(Thread.currentThread(), 0);
        body.run();
        control.end();
    }

    private Controller scripted() {
        return (Controller) Proxy.newProxyInstance(Framework.class.getClassLoader(), new Class<?>[]{Controller.class},
                (_, method, _) -> {
                    if (method.getName().equals("initializeTarget")) {
                        inside.run();
                    }
                    return method.getReturnType() == boolean.class ? true : null;
                });
    }

    private List<String> texts(String phase, String key) throws IOException {
        return events(phase).stream().map(event -> (String) event.get(key)).toList();
    }

    private List<Map<?, ?>> events(String phase) throws IOException {
        List<Map<?, ?>> events = new ArrayList<>();
        for (Object event : (List<?>) document().get("traceEvents")) {
            if (((Map<?, ?>) event).get("ph").equals(phase)) {
                events.add((Map<?, ?>) event);
            }
        }
        return events;
    }

    private Map<?, ?> document() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PerfettoWriter.write(trace, out);
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(),
                out.toString(StandardCharsets.UTF_8))) {
            Map<?, ?> document = (Map<?, ?>) value(parser, parser.nextToken());
            assertThat(parser.nextToken()).isNull();
            return document;
        }
    }

    /// Numbers stay text: what is written is looked at, not what a double makes of it.
    private static Object value(JsonParser parser, JsonToken token) {
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> map = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                map.put(name, value(parser, parser.nextToken()));
            }
            return map;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                list.add(value(parser, next));
            }
            return list;
        }
        return parser.getString();
    }
}
