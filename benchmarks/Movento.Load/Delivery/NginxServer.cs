using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Movento.Harness;

namespace Movento.Load.Delivery;

/// <summary>nginx with a signed link (ngx_http_secure_link_module), as an operator sets it up for files: open files kept, no access log.</summary>
internal sealed class NginxServer : IDeliveryServer
{
    // 2100: the tokens of a benchmark need not end.
    private const long Expires = 4_102_444_800;

    private readonly BackgroundProcess _process;
    private readonly int _port;
    private readonly string _secret;
    private readonly string _scheme;

    private NginxServer(string name, string configuration, BackgroundProcess process, string scheme, int port, string secret) =>
        (Name, Configuration, _process, _scheme, _port, _secret) = (name, configuration, process, scheme, port, secret);

    public string Name { get; }

    public string Configuration { get; }

    public IReadOnlyList<int> Processes => [_process.Id];

    public int Port => _port;

    /// <param name="folder">Its own, for configuration and log.</param>
    /// <param name="files">What it serves.</param>
    /// <param name="sendfile">Whether bodies go out by sendfile(2), or are read into buffers.</param>
    /// <param name="readsInThreads">Whether a worker goes on while the disk is read (aio threads), instead of waiting for it.</param>
    /// <param name="tls">Where it speaks TLS, HTTP/1.1 and HTTP/2.</param>
    public static async Task<NginxServer> StartAsync(string name, string folder, string files, bool sendfile, TlsFiles? tls = null, bool readsInThreads = false)
    {
        Directory.CreateDirectory(folder);
        var port = FreePort.Next();
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var configuration = $$"""
            daemon off; worker_processes {{Environment.ProcessorCount}}; worker_rlimit_nofile 65536; pid {{folder}}/pid; error_log {{folder}}/error.log;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            events { worker_connections 20000; multi_accept on; }
            http {
              sendfile {{(sendfile ? "on" : "off")}}; {{(readsInThreads ? "aio threads;" : "")}} tcp_nopush on; tcp_nodelay on; access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;
              open_file_cache max=1000 inactive=300s; open_file_cache_valid 300s; output_buffers 2 512k;
              client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
              server {
                listen 127.0.0.1:{{port}} {{(tls is null ? "" : "ssl http2")}} backlog=4096; root {{files}};
                {{(tls is null ? "" : $"ssl_certificate {tls.Certificate}; ssl_certificate_key {tls.Key}; ssl_protocols TLSv1.3; ssl_buffer_size 16k;")}}
                location /signed/ {
                  alias {{files}}/; secure_link $arg_md5,$arg_expires; secure_link_md5 "$secure_link_expires {{secret}}";
                  if ($secure_link = "") { return 403; }
                  if ($secure_link = "0") { return 410; }
                }
                location /open/ { alias {{files}}/; }
              }
            }
            """;
        var path = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(path, configuration);
        var process = await BackgroundProcess.StartAsync(["nginx", "-c", path, "-p", folder], Path.Combine(folder, "output"), port);
        return new NginxServer(name, $"nginx, {Environment.ProcessorCount} workers, sendfile {(sendfile ? "on" : "off")}{(readsInThreads ? ", aio threads" : "")}, secure_link, open_file_cache, no access log{(tls is null ? "" : ", TLS 1.3")}", process, tls is null ? "http" : "https", port, secret);
    }

    public Uri UrlOf(DeliveredFile file)
    {
#pragma warning disable CA5351 // What secure_link checks.
        var hash = Base64Url.EncodeToString(MD5.HashData(Encoding.ASCII.GetBytes($"{Expires} {_secret}")));
#pragma warning restore CA5351
        return new Uri($"{_scheme}://127.0.0.1:{_port}/signed/{DeliverySite.NameOf(file)}?md5={hash}&expires={Expires}");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
