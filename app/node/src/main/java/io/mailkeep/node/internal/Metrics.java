package io.mailkeep.node.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.keys.KeysState;
import io.mailkeep.net.Listener;
import io.mailkeep.smtp.Answers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/**
 * The metrics, each named {@code mailkeep_<room>_<noun>_<unit>}; labels are classes and listeners,
 * never people.
 */
final class Metrics {
    /** The commands by which mail is handed over. */
    private static final List<String> VERBS = List.of("STARTTLS", "AUTH", "MAIL", "RCPT", "DATA");

    private Metrics() {}

    /** A registry with the rooms' metrics and the virtual machine's. */
    static PrometheusMeterRegistry of(Rooms rooms, Wire wire) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        register(meters, rooms, wire);
        return meters;
    }

    private static void register(MeterRegistry meters, Rooms rooms, Wire wire) {
        segments(meters, rooms);
        Gauge.builder("mailkeep.audit.log.entries", rooms.auditLog, log -> log.size())
                .register(meters);
        Gauge.builder(
                        "mailkeep.audit.aside.devices",
                        rooms.auditLog,
                        log ->
                                log.devices().stream()
                                        .filter(device -> device.aside().isPresent())
                                        .count())
                .register(meters);
        Gauge.builder(
                        "mailkeep.keys.root.sealed",
                        rooms.keys,
                        keys -> keys.state() instanceof KeysState.Sealed ? 1 : 0)
                .register(meters);
        wire.listeners().forEach((name, listener) -> listener(meters, name, listener));
        wire.answers().forEach((name, answers) -> answers(meters, name, answers));
    }

    private static void segments(MeterRegistry meters, Rooms rooms) {
        for (DataClass dataClass : DataClass.values()) {
            Tags tags = Tags.of("class", dataClass.label());
            FunctionCounter.builder(
                            "mailkeep.segments.volume.syncs",
                            rooms.segments,
                            s -> s.counters(dataClass).forces())
                    .tags(tags)
                    .register(meters);
            FunctionCounter.builder(
                            "mailkeep.segments.written.records",
                            rooms.segments,
                            s -> s.counters(dataClass).records())
                    .tags(tags)
                    .register(meters);
            FunctionCounter.builder(
                            "mailkeep.segments.written",
                            rooms.segments,
                            s -> s.counters(dataClass).bytes())
                    .baseUnit("bytes")
                    .tags(tags)
                    .register(meters);
            FunctionCounter.builder(
                            "mailkeep.segments.poisoned.segments",
                            rooms.segments,
                            s -> s.counters(dataClass).poisoned())
                    .tags(tags)
                    .register(meters);
        }
    }

    private static void listener(MeterRegistry meters, String name, Listener listener) {
        Tags tags = Tags.of("listener", name);
        Gauge.builder("mailkeep.net.open.connections", listener, l -> l.status().open())
                .tags(tags)
                .register(meters);
        FunctionCounter.builder(
                        "mailkeep.net.accepted.connections", listener, l -> l.status().accepted())
                .tags(tags)
                .register(meters);
        FunctionCounter.builder(
                        "mailkeep.net.refused.connections", listener, l -> l.status().refused())
                .tags(tags)
                .register(meters);
        FunctionCounter.builder(
                        "mailkeep.net.plaintext.injections", listener, l -> l.status().injected())
                .tags(tags)
                .register(meters);
        FunctionCounter.builder(
                        "mailkeep.net.unproxied.connections", listener, l -> l.status().unproxied())
                .description("of named proxies, without a PROXY header")
                .tags(tags)
                .register(meters);
        FunctionCounter.builder(
                        "mailkeep.net.forged.connections", listener, l -> l.status().forged())
                .description("with a PROXY header of nobody who is a proxy")
                .tags(tags)
                .register(meters);
    }

    private static void answers(MeterRegistry meters, String listener, Answers answers) {
        for (String verb : VERBS) {
            for (int replyClass : new int[] {2, 4, 5}) {
                FunctionCounter.builder(
                                "mailkeep.smtp.answered.commands",
                                answers,
                                them -> them.count(verb, replyClass))
                        .description("DATA with 2xx: messages accepted; RCPT with 5xx: refused")
                        .tags("listener", listener, "verb", verb, "reply", replyClass + "xx")
                        .register(meters);
            }
        }
    }
}
