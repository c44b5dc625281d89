package io.mailkeep.node.internal;

import io.mailkeep.api.AdminGate;
import io.mailkeep.api.HealthGate;
import io.mailkeep.api.ProblemAdvice;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The HTTP side of the node: HTTPS for everybody, the administration API on loopback, health and
 * metrics on loopback. Rooms are built elsewhere and handed in; Spring wires nothing but the web.
 *
 * <p>It begins beside the rooms, since both take their time, with the health port alone, which says
 * 503 until there is something to serve.
 */
final class Web implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Web.class);
    private static final String LOOPBACK = "127.0.0.1";

    private final Configuration configuration;
    private final FutureTask<ServletWebServerApplicationContext> context;
    private volatile Optional<Served> served = Optional.empty();
    private volatile Optional<TlsConnector> shown = Optional.empty();
    private volatile boolean open;

    private Web(Configuration configuration, Secret adminKey) {
        this.configuration = configuration;
        this.context = new FutureTask<>(() -> run(adminKey));
    }

    /**
     * What is served once the rooms are open.
     *
     * @param certificate PEM chain
     * @param key PEM private key
     * @param controllers what serves the administration API, one of each of {@link
     *     Controllers#TYPES}
     * @param trouble what is wrong with the node now, if anything: health then says 503
     * @param metrics the metrics as text for Prometheus
     */
    record Served(
            Path certificate,
            Path key,
            List<Object> controllers,
            Supplier<Optional<String>> trouble,
            Supplier<String> metrics) {
        <T> T controller(Class<T> type) {
            return controllers.stream()
                    .filter(type::isInstance)
                    .map(type::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Begins, beside whatever the caller does next. */
    static Web begin(Configuration configuration, Secret adminKey) {
        Web web = new Web(configuration, adminKey);
        Thread.ofPlatform().name("web").start(web.context);
        return web;
    }

    /**
     * Nothing is scanned for and nothing guessed: every bean is handed in, and what Boot sets up
     * stands here. Half of the time of a start goes into looking for more.
     */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        TomcatServletWebServerAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        HttpEncodingAutoConfiguration.class,
        JacksonAutoConfiguration.class,
        ErrorMvcAutoConfiguration.class
    })
    static class Application {}

    private ServletWebServerApplicationContext run(Secret adminKey) {
        int admin = configuration.port(Setting.PORT_ADMIN);
        int health = configuration.port(Setting.PORT_HEALTH);
        return (ServletWebServerApplicationContext)
                new SpringApplicationBuilder(Application.class)
                        .properties(properties(health))
                        .registerShutdownHook(false)
                        .initializers(fresh -> {
                            GenericApplicationContext beans = (GenericApplicationContext) fresh;
                            beans.registerBean(
                                    "adminGate",
                                    AdminGate.class,
                                    () -> new AdminGate(admin, adminKey));
                            beans.registerBean(
                                    "healthGate",
                                    HealthGate.class,
                                    () -> new HealthGate(health, this::trouble, this::metrics));
                            beans.registerBean("problemAdvice", ProblemAdvice.class);
                            Controllers.TYPES.forEach(type -> register(beans, type));
                        })
                        .run();
    }

    /** Made when they are asked for: the rooms they stand on aren't open yet. */
    private <T> void register(GenericApplicationContext beans, Class<T> controller) {
        beans.registerBean(
                controller.getName(),
                controller,
                () -> served.orElseThrow().controller(controller),
                definition -> definition.setLazyInit(true));
    }

    private Optional<String> trouble() {
        return open ? served.flatMap(all -> all.trouble().get()) : Optional.of("starting");
    }

    private String metrics() {
        return served.map(all -> all.metrics().get()).orElse("");
    }

    /**
     * Opens the administration API and HTTPS; health says from now on how things are.
     *
     * @throws ConfigurationException if a port can't be had
     */
    void serve(Served all) {
        ServletWebServerApplicationContext web = started();
        served = Optional.of(all);
        Controllers.TYPES.forEach(web::getBean);
        KeyStore certificate = TlsConnector.read(all.certificate(), all.key());
        TlsConnector admin = new TlsConnector(8, "TLSv1.3", certificate);
        open(web, Setting.PORT_ADMIN, LOOPBACK, admin.connector());
        HttpEndpoint endpoint =
                new HttpEndpoint(HttpLimits.standard(), configuration.proxies(), Time.system());
        TlsConnector https = new TlsConnector(16, "TLSv1.2,TLSv1.3", certificate, endpoint);
        open(web, Setting.PORT_HTTPS, configuration.listen(), https.connector());
        shown = Optional.of(https);
        open = true;
    }

    /**
     * Shows the certificate that the files hold now. The administration API keeps the one whose key
     * {@link AdminEndpoint} has told the command line.
     */
    void refreshCertificate() {
        Served all = served.orElseThrow();
        shown.orElseThrow().show(TlsConnector.read(all.certificate(), all.key()));
    }

    private ServletWebServerApplicationContext started() {
        try {
            return context.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while the web server was starting", stopped);
        } catch (ExecutionException failed) {
            if (causes(failed).anyMatch(PortInUseException.class::isInstance)) {
                throw taken(Setting.PORT_HEALTH, LOOPBACK);
            }
            throw new IllegalStateException("the web server didn't start", failed.getCause());
        }
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private void open(
            ServletWebServerApplicationContext web,
            Setting port,
            String address,
            Connector connector) {
        connector.setProperty("address", address);
        connector.setPort(configuration.port(port));
        TomcatWebServer server = (TomcatWebServer) Objects.requireNonNull(web.getWebServer());
        // what keeps a connector from starting is logged there, not thrown
        server.getTomcat().getService().addConnector(connector);
        if (connector.getState() != LifecycleState.STARTED) {
            throw taken(port, address);
        }
    }

    private ConfigurationException taken(Setting port, String address) {
        return ConfigurationException.portTaken(
                configuration.port(port), port, address, "it can't be bound");
    }

    private static Map<String, Object> properties(int health) {
        return Map.ofEntries(
                Map.entry("server.address", LOOPBACK),
                Map.entry("server.port", health),
                Map.entry("server.max-http-request-header-size", "16KB"),
                Map.entry("server.tomcat.threads.max", "4"),
                Map.entry("server.tomcat.threads.min-spare", "1"),
                Map.entry("server.tomcat.connection-timeout", "10s"),
                Map.entry("server.error.include-message", "never"),
                Map.entry("server.shutdown", "immediate"),
                Map.entry("spring.jackson.deserialization.fail-on-unknown-properties", "true"),
                Map.entry("spring.mvc.problemdetails.enabled", "false"),
                Map.entry("spring.main.banner-mode", "off"),
                Map.entry("spring.main.log-startup-info", "false"),
                Map.entry("spring.web.resources.add-mappings", "false"));
    }

    @Override
    public void close() {
        try {
            context.get().close();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException neverStarted) {
            LOG.atInfo().setCause(neverStarted).log("There was no web server to close");
        }
    }
}
