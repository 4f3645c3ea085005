using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Routing;

namespace Movento.ApiDescription.Transformation;

/// <summary>A HEAD that a GET answers too says nothing that the GET does not: it would be every operation twice, under one id.</summary>
internal sealed class HeadsLeftOut : IApiDescriptionProvider
{
    /// <summary>After ASP.NET's own, which has made the descriptions.</summary>
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        for (var index = context.Results.Count - 1; index >= 0; index--)
        {
            var endpoint = context.Results[index];
            if (endpoint.HttpMethod == HttpMethods.Head
                && endpoint.ActionDescriptor.EndpointMetadata.OfType<IHttpMethodMetadata>().Any(methods => methods.HttpMethods.Contains(HttpMethods.Get)))
                context.Results.RemoveAt(index);
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }
}
