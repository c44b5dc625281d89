package io.mailkeep.node.internal;

import io.mailkeep.api.AdminGate;
import io.mailkeep.api.HealthGate;
import io.mailkeep.kernel.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The HTTP side of the node: HTTPS for everybody, the administration API on loopback, health and
 * metrics on loopback. Rooms are built before and handed in; Spring wires nothing but the web.
 */
final class Web implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    private Web(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Nothing is scanned for and nothing guessed: every bean is handed in, and what Boot sets up
     * stands here. Half of the time of a start goes into looking for more.
     */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        SslAutoConfiguration.class,
        TomcatServletWebServerAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        HttpEncodingAutoConfiguration.class,
        JacksonAutoConfiguration.class,
        ErrorMvcAutoConfiguration.class
    })
    static class Application {}

    /**
     * Starts the connectors.
     *
     * @param certificate PEM chain
     * @param key PEM private key
     * @param controllers what serves the administration API
     * @param trouble what is wrong with the node now, if anything: health then says 503
     * @param metrics the metrics as text for Prometheus
     */
    static Web start(
            Configuration configuration,
            Path certificate,
            Path key,
            Secret adminKey,
            List<Object> controllers,
            Supplier<Optional<String>> trouble,
            Supplier<String> metrics) {
        int admin = configuration.port(Setting.PORT_ADMIN);
        int health = configuration.port(Setting.PORT_HEALTH);
        ConfigurableApplicationContext context =
                new SpringApplicationBuilder(Application.class)
                        .properties(properties(configuration, certificate, key))
                        .registerShutdownHook(false)
                        .initializers(fresh -> {
                            GenericApplicationContext beans = (GenericApplicationContext) fresh;
                            beans.registerBean(
                                    "connectors",
                                    Connectors.class,
                                    () ->
                                            new Connectors(
                                                    adminConnector(admin, certificate, key),
                                                    onLoopback(health, 4)));
                            beans.registerBean(
                                    "adminGate",
                                    AdminGate.class,
                                    () -> new AdminGate(admin, adminKey));
                            beans.registerBean(
                                    "healthGate",
                                    HealthGate.class,
                                    () -> new HealthGate(health, trouble, metrics));
                            for (Object controller : controllers) {
                                register(beans, controller);
                            }
                        })
                        .run();
        return new Web(context);
    }

    private static Map<String, Object> properties(
            Configuration configuration, Path certificate, Path key) {
        return Map.ofEntries(
                Map.entry("server.address", configuration.listen()),
                Map.entry("server.port", configuration.port(Setting.PORT_HTTPS)),
                Map.entry("server.ssl.certificate", certificate.toUri().toString()),
                Map.entry("server.ssl.certificate-private-key", key.toUri().toString()),
                Map.entry("server.ssl.enabled-protocols", "TLSv1.2,TLSv1.3"),
                Map.entry("server.ssl.ciphers", CIPHERS),
                Map.entry("server.max-http-request-header-size", "16KB"),
                Map.entry("server.tomcat.threads.max", "16"),
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

    @SuppressWarnings("unchecked")
    private static <T> void register(GenericApplicationContext beans, T controller) {
        beans.registerBean(
                controller.getClass().getName(),
                (Class<T>) controller.getClass(),
                () -> controller);
    }

    /** AEAD with forward secrecy alone (RFC 9325 4.2). */
    private static final String CIPHERS =
            "TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256,TLS_CHACHA20_POLY1305_SHA256,"
                    + "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,"
                    + "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,"
                    + "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

    /** Adds the connectors on loopback to the web server. */
    private record Connectors(Connector admin, Connector health)
            implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addAdditionalConnectors(admin, health);
        }
    }

    private static Connector onLoopback(int port, int threads) {
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(port);
        connector.setProperty("address", "127.0.0.1");
        Http11NioProtocol protocol = (Http11NioProtocol) connector.getProtocolHandler();
        protocol.setMaxThreads(threads);
        protocol.setMinSpareThreads(1);
        protocol.setMaxHttpRequestHeaderSize(16 * 1024);
        return connector;
    }

    private static Connector adminConnector(int port, Path certificate, Path key) {
        Connector connector = onLoopback(port, 8);
        connector.setScheme("https");
        connector.setSecure(true);
        ((Http11NioProtocol) connector.getProtocolHandler()).setSSLEnabled(true);
        SSLHostConfig tls = new SSLHostConfig();
        tls.setProtocols("TLSv1.3");
        SSLHostConfigCertificate server =
                new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.UNDEFINED);
        // read by Boot: the web server's own parser takes no file that holds both chain and key
        server.setCertificateKeystore(
                new PemSslStoreBundle(
                                PemSslStoreDetails.forCertificate(certificate.toUri().toString())
                                        .withPrivateKey(key.toUri().toString()),
                                PemSslStoreDetails.forCertificate(null))
                        .getKeyStore());
        server.setCertificateKeyPassword("");
        tls.addCertificate(server);
        connector.addSslHostConfig(tls);
        return connector;
    }

    @Override
    public void close() {
        context.close();
    }
}
