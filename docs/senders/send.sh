#!/usr/bin/env bash
# Sends one file of any kind to a Caseway gateway, signed after RFC 9421, with curl and openssl alone. Key: P-256 or RSA.
# stdout: the gateway's answer with the receipt; keep it. stderr: what was refused, and what to do. Exit 0: all of it was taken.
# No answer? Run it again with the message id and the time that it told: sent twice, it is taken once.
set -euo pipefail
if [ $# -ne 9 ] && [ $# -ne 11 ]; then
  echo "usage: send.sh FILE CONTENT_TYPE URL KEY CERT CA SENDER RECEIVER MAPPING [MESSAGE_ID SENT_AT]" >&2
  echo "       send.sh cases.xml application/xml https://gateway:8443 permits.key permits.pem server.pem housing/permits center/gateway housing.permit" >&2
  exit 2
fi
file=$1 type=$2 url=${3%/} key=$4 cert=$5 ca=$6 sender=$7 receiver=$8 mapping=$9
id=${10:-$(cat /proc/sys/kernel/random/uuid)}
sent_at=${11:-$(date +%Y-%m-%dT%H:%M:%S%:z)}

stop() { echo "nothing was sent: $1" >&2; exit 1; }
for one in "$file" "$key" "$cert"; do [ -r "$one" ] || stop "$one cannot be read"; done
[[ $url == http://* ]] && stop "$url would go in clear: the address begins with https://"
[[ $url =~ ^https://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]+)?$ ]] || stop "${3@Q} is no address of a gateway: https://HOST:PORT, and nothing behind it"
for one in "$type" "$sender" "$receiver" "$mapping" "$id" "$sent_at"; do
  [[ $one != *[!\ -~]* ]] || stop "${one@Q} is not plain ASCII: ask the center for the names as they are registered"
done
public=$(openssl x509 -in "$cert" -noout -pubkey 2>/dev/null) || stop "$cert is no certificate in PEM"
openssl pkey -in "$key" -passin pass: -noout 2>/dev/null || stop "$key is no key without a password: openssl pkcs8 -topk8 -nocrypt -in $key -out new.key"
[ "$public" = "$(openssl pkey -in "$key" -passin pass: -pubout)" ] || stop "$key is not the key of the certificate $cert: name the two that belong together"
about=$(openssl x509 -in "$cert" -noout -text)
grep -qE 'prime256v1|Algorithm: rsaE' <<<"$about" || stop "$cert is neither of P-256 nor of RSA: caseway cert request makes a key"

key_id=$(openssl x509 -in "$cert" -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)
fields=("Content-Type: $type" "Content-Digest: sha-256=:$(openssl dgst -sha256 -binary "$file" | openssl base64 -A):"
        "Caseway-Message-Id: $id" "Caseway-Sender: $sender" "Caseway-Receiver: $receiver" "Caseway-Sent-At: $sent_at" "Caseway-Mapping: $mapping")

# What is signed: a line for each part of the request, then their list.
base=$'"@method": POST\n"@path": /v1/messages\n' parts='"@method" "@path"' headers=()
for field in "${fields[@]}"; do
  name=${field%%: *}
  base+="\"${name,,}\": ${field#*: }"$'\n'
  parts+=" \"${name,,}\""
  headers+=(-H "$field")
done
input="($parts);created=$(date +%s);keyid=\"$key_id\";tag=\"caseway-message\""
base+="\"@signature-params\": $input"

sign() { printf %s "$base" | openssl dgst -sha256 -sign "$key"; }
if grep -q id-ecPublicKey <<<"$about"; then  # openssl writes r and s as DER; RFC 9421 wants 32 bytes of each
  hex=$(sign | openssl asn1parse -inform DER | awk -F: '/INTEGER/ { h = $NF; while (length(h) < 64) h = "0" h; printf "%s", h }')
  signature=$(printf "$(sed 's/../\\x&/g' <<<"$hex")" | openssl base64 -A)
else
  signature=$(sign | openssl base64 -A)
fi

rc=0
answer=$(curl -sS --cacert "$ca" "${headers[@]}" -H 'Expect:' -H "Signature-Input: sig1=$input" -H "Signature: sig1=:$signature:" \
              --data-binary @"$file" -w '\n%{http_code}' "$url/v1/messages") || rc=$?
if [[ $rc == 51 || $rc == 60 ]] && { curl -sS --max-time 10 --cacert "$ca" "$url" 2>&1 || true; } | grep -q 'subject name'; then
  stop "the name in $url does not stand in the gateway's certificate: ask the center for the name to call it by"
fi
case $rc in
  3) stop "$url is no address of a gateway: https://HOST:PORT" ;;
  35) stop "$url does not speak TLS: name the port of the gateway's https address, not its health port; or it is busy: try again" ;;
  60 | 77) stop "no answer that can be trusted: $ca does not vouch for the gateway; ask the center for the certificate to trust" ;;
esac
if [ $rc -ne 0 ]; then
  echo "no answer; send the same again, it is taken once: … $id $sent_at" >&2
  exit 1
fi
status=${answer##*$'\n'}
printf '%s\n' "${answer%$'\n'*}"
echo "message $id, sent at $sent_at: $status" >&2
grep -oE '"(code|where|value|detail|rule|hint)": ?"([^"\\]|\\.)*"' <<<"$answer" | sed -E 's/\\(["\\/])/\1/g' >&2 || true
[[ $status == 20[02] ]] && grep -qE '"outcome": ?"(accepted|received)"' <<<"$answer" && exit 0
grep -qE '"(code|outcome)": ?"' <<<"$answer" || echo "that is no answer of the gateway; send the same again, it is taken once: … $id $sent_at" >&2
exit 1
