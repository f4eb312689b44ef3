using MaskRcnn.Silo.Hosting;

return await SiloProgram.RunAsync(args);
