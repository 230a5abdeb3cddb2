// Sends one file of any kind to a Caseway gateway, signed after RFC 9421. Java 8 or later, nothing but the JDK. Key: P-256 or RSA, PKCS#8.
// stdout: the gateway's answer with the receipt; keep it. stderr: what was refused, and what to do. Exit 0: all of it was taken.
// No answer? Run it again with the message id and the time that it told: sent twice, it is taken once.
import java.io.*;
import java.math.BigInteger;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.interfaces.*;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.*;
import java.util.*;
import java.util.regex.*;
import javax.net.ssl.*;

public class Send {
  public static void main(String[] a) throws Exception {
    if (a.length != 9 && a.length != 11) {
      System.err.println("usage: java Send FILE CONTENT_TYPE URL KEY CERT CA SENDER RECEIVER MAPPING [MESSAGE_ID SENT_AT]");
      System.exit(2);
    }
    String id = a.length > 9 ? a[9] : UUID.randomUUID().toString();
    String sentAt = a.length > 9 ? a[10] : OffsetDateTime.now().withNano(0).format(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    if (a[2].startsWith("http://")) stop(a[2] + " would go in clear: the address begins with https://");
    Matcher address = Pattern.compile("(https://(?:\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?)/*").matcher(a[2]);
    if (!address.matches() || (address.group(2) != null && Integer.parseInt(address.group(2)) > 65535))
      stop("'" + a[2] + "' is no address of a gateway: https://HOST:PORT, and nothing behind it");
    for (String one : new String[] {a[1], a[6], a[7], a[8], id, sentAt})
      if (!one.matches("[ -~]+")) stop("'" + one + "' is not plain ASCII: ask the center for the names as they are registered");
    for (int file : new int[] {0, 3, 4, 5})
      if (!Files.isReadable(Paths.get(a[file]))) stop(a[file] + " cannot be read");
    byte[] body = Files.readAllBytes(Paths.get(a[0]));
    String pem = new String(Files.readAllBytes(Paths.get(a[3])), StandardCharsets.US_ASCII);
    if (!pem.contains("BEGIN PRIVATE KEY")) stop(a[3] + " is no PKCS#8 key without a password: openssl pkcs8 -topk8 -nocrypt -in " + a[3] + " -out new.key");
    byte[] pkcs8 = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
    X509Certificate own = certificate(a[4]);
    boolean ec = own.getPublicKey().getAlgorithm().equals("EC");
    if (ec ? ((ECKey) own.getPublicKey()).getParams().getOrder().bitLength() != 256 : !(own.getPublicKey() instanceof RSAKey))
      stop(a[4] + " is neither of P-256 nor of RSA: caseway cert request makes such a key");
    PrivateKey key = null;
    try {
      key = KeyFactory.getInstance(ec ? "EC" : "RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException error) {
      stop(a[3] + " is not the key of the certificate " + a[4] + ": name the two that belong together");
    }
    String keyId = String.format("%064x", new BigInteger(1, sha256(own.getEncoded())));

    // What is signed: a line for each part of the request, then their list.
    String[][] fields = {{"Content-Type", a[1]}, {"Content-Digest", "sha-256=:" + base64(sha256(body)) + ":"}, {"Caseway-Message-Id", id},
        {"Caseway-Sender", a[6]}, {"Caseway-Receiver", a[7]}, {"Caseway-Sent-At", sentAt}, {"Caseway-Mapping", a[8]}};
    String parts = "\"@method\" \"@path\"", base = "\"@method\": POST\n\"@path\": /v1/messages\n";
    for (String[] field : fields) {
      parts += " \"" + field[0].toLowerCase(Locale.ROOT) + "\"";
      base += "\"" + field[0].toLowerCase(Locale.ROOT) + "\": " + field[1] + "\n";
    }
    String input = "(" + parts + ");created=" + Instant.now().getEpochSecond() + ";keyid=\"" + keyId + "\";tag=\"caseway-message\"";
    Signature signer = Signature.getInstance(ec ? "SHA256withECDSA" : "SHA256withRSA");
    signer.initSign(key);
    signer.update((base + "\"@signature-params\": " + input).getBytes(StandardCharsets.US_ASCII));
    byte[] signed = signer.sign(), signature = ec ? rs(signed) : signed;
    signer.initVerify(own.getPublicKey());
    signer.update((base + "\"@signature-params\": " + input).getBytes(StandardCharsets.US_ASCII));
    if (!signer.verify(signed)) stop(a[3] + " is not the key of the certificate " + a[4] + ": name the two that belong together");

    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("gateway", certificate(a[5]));
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    HttpsURLConnection connection = (HttpsURLConnection) new URL(address.group(1) + "/v1/messages").openConnection();
    connection.setSSLSocketFactory(tls.getSocketFactory());
    connection.setConnectTimeout(10000);
    connection.setReadTimeout(60000);
    connection.setDoOutput(true);
    connection.setInstanceFollowRedirects(false);
    for (String[] field : fields) connection.setRequestProperty(field[0], field[1]);
    connection.setRequestProperty("Signature-Input", "sig1=" + input);
    connection.setRequestProperty("Signature", "sig1=:" + base64(signature) + ":");
    int status = 0;
    String answer = "";
    boolean reached = false;
    try {
      connection.connect();
      reached = true;
      connection.getOutputStream().write(body);
      status = connection.getResponseCode();
      InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      Scanner all = stream == null ? new Scanner("") : new Scanner(stream, "UTF-8").useDelimiter("\\A");
      answer = all.hasNext() ? all.next() : "";
      if (all.ioException() != null) throw all.ioException();
    } catch (SSLHandshakeException error) {
      if (String.valueOf(error.getMessage()).matches("(?s).*No (name|subject alternative) .*"))
        stop("the name in " + a[2] + " does not stand in the gateway's certificate: ask the center for the name to call it by");
      stop("no answer that can be trusted: " + a[5] + " does not vouch for the gateway; ask the center for the certificate to trust");
    } catch (IOException error) {
      if (!reached && error instanceof SSLException) stop(a[2] + " does not speak TLS: name its https port, not its health port; or it is busy");
      System.err.println("no answer (" + error + "); send the same again, it is taken once: ... " + id + " " + sentAt);
      System.exit(1);
    }
    new PrintStream(System.out, true, "UTF-8").println(answer);
    System.err.println("message " + id + ", sent at " + sentAt + ": " + status);
    Matcher refusal = Pattern.compile("\"(code|where|value|detail|rule|hint)\": ?\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(answer);
    while (refusal.find()) System.err.println(refusal.group(1) + ": " + refusal.group(2).replaceAll("\\\\([\"\\\\/])", "$1"));
    if (!Pattern.compile("\"(code|outcome)\": ?\"").matcher(answer).find())
      System.err.println("that is no answer of the gateway; send the same again, it is taken once: ... " + id + " " + sentAt);
    boolean taken = Pattern.compile("\"outcome\": ?\"(accepted|received)\"").matcher(answer).find();
    System.exit(taken && (status == 200 || status == 202) ? 0 : 1);
  }

  static void stop(String why) {
    System.err.println("nothing was sent: " + why.replaceAll("\\p{Cntrl}", "?"));
    System.exit(1);
  }

  static X509Certificate certificate(String file) throws Exception {
    byte[] all = Files.readAllBytes(Paths.get(file));
    int begin = Math.max(0, new String(all, StandardCharsets.ISO_8859_1).indexOf("-----BEGIN"));  // behind a mark of UTF-8, or words
    try (InputStream in = new ByteArrayInputStream(all, begin, all.length - begin)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (CertificateException error) {
      stop(file + " is no certificate in PEM");
      return null;
    }
  }

  static byte[] sha256(byte[] data) throws Exception { return MessageDigest.getInstance("SHA-256").digest(data); }

  static String base64(byte[] data) { return Base64.getEncoder().encodeToString(data); }

  // The JDK gives r and s as DER; RFC 9421 wants 32 bytes of each.
  static byte[] rs(byte[] der) {
    byte[] out = new byte[64];
    int r = der[3], s = der[5 + r];  // their lengths: 33 with a leading zero, seldom less than 32
    System.arraycopy(der, 4 + Math.max(0, r - 32), out, Math.max(0, 32 - r), Math.min(r, 32));
    System.arraycopy(der, 6 + r + Math.max(0, s - 32), out, 32 + Math.max(0, 32 - s), Math.min(s, 32));
    return out;
  }
}
