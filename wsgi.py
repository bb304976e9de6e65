from ucc_participate.app import create_app

app = create_app()
